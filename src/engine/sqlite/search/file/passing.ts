import { resultCode } from "../../connection/faults.ts";

/** Whether what went wrong with the search file is a lock, a full disk or a right that is missing: no damage. */
export const mayPass = (cause: unknown): boolean =>
  /^SQLITE_(BUSY|FULL|READONLY|CANTOPEN|IOERR_SHMSIZE)/.test(resultCode(cause) ?? "");
