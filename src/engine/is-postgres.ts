/** Whether a url names a database server, rather than a file of this machine. */
export const isPostgres = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);
