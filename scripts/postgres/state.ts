/** What `up` brought up, kept in a file so that `up` finds it again and `down` can end it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Urls } from "./roles.ts";
import type { ServerRecord } from "./server.ts";

export const readState = (file: string): ServerRecord | undefined => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
};

/** Passwords are in it. */
export const writeState = (file: string, state: ServerRecord): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state, undefined, 2), { mode: 0o600 });
};

export const removeState = (file: string): void => rmSync(file, { force: true });

/** The names under which tests look for the server. */
export const variablesOf = ({ adminUrl, ownerUrl, appUrl }: Urls): Readonly<Record<string, string>> => ({
  CONTEXTBASE_TEST_POSTGRES: adminUrl,
  CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl,
  CONTEXTBASE_TEST_POSTGRES_APP: appUrl,
});
