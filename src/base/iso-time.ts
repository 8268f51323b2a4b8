const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds of a time by ISO 8601 with its offset, such as `2026-01-31T12:00:00Z`; undefined of anything else. */
export const isoTime = (text: string): number | undefined => {
  const at = form.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};
