import { styleText } from "node:util";
import type { Command } from "commander";
import type { Finding } from "../../index.ts";
import { examine } from "../examine.ts";
import type { StoreOptions } from "../settings.ts";
import { withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type DoctorOptions = StoreOptions & { readonly json?: true };

const colours = { ok: "green", warn: "yellow", fail: "red" } as const;

export const configureDoctor = (command: Command, terminal: Terminal): void => {
  command.option("--json", "one finding a line");
  withStoreOptions(command).action(async ({ json, ...options }: DoctorOptions) => {
    let failed = false;
    for await (const finding of examine(options)) {
      failed ||= finding.status === "fail";
      await terminal.print(json ? JSON.stringify(finding) : tell(finding));
    }
    if (failed) process.exitCode = 1;
  });
};

const tell = ({ check, status, found, mend }: Finding): string => {
  const mark = styleText(colours[status], status.padEnd(4), { stream: process.stdout });
  const line = `${mark}  ${check.padEnd(13)} ${found}`;
  return mend === undefined ? line : `${line}\n${" ".repeat(20)}${mend}`;
};
