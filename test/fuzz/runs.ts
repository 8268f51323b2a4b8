/** Every day a quarter of what CONTEXTBASE_TEST_ALL asks for. */
export const runsOf = (all: number): number => (process.env.CONTEXTBASE_TEST_ALL ? all : Math.ceil(all / 4));
