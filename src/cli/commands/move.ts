import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import { type MovedTenant, moveStore } from "../../maintenance/move.ts";
import { openStoreEngine } from "../open-store.ts";
import { readSettings } from "../settings.ts";
import { showPhases } from "../show-phases.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type MoveCommandOptions = {
  readonly from: string;
  readonly to: string;
  readonly fromKeyFile?: string;
  readonly toKeyFile?: string;
  readonly config?: string;
  readonly verify?: true;
  readonly json?: true;
};

const details = `
Every version, deletion, time, actor, write id and change position comes along. The source is only read, and can be
used meanwhile. A move that was cut off goes on where it ended; one made again brings what is new. At the end both
stores are read again and compared; the hash of a tenant is over all that it holds. Of a postgres:// store give the
owner's url: others see one tenant at a time.`;

const head = ["TENANT", "CHANGES", "MOVED", "SHA-256"];

const labels = { move: "Moving changes", verify: "Verifying changes" } as const;

export const configureMove = (command: Command, terminal: Terminal): void => {
  command
    .requiredOption("--from <url>", "the store to read")
    .requiredOption("--to <url>", "the store to write; a file that is not there is made")
    .option("--from-key-file <path>", "the file that holds the key of --from")
    .option("--to-key-file <path>", "the file that holds the key of --to")
    .option("--config <path>", "the configuration, rather than the nearest contextbase.config.ts")
    .option("--verify", "only compare the two, and write nothing")
    .option("--json", "one tenant a line")
    .addHelpText("after", details)
    .action((options: MoveCommandOptions) => move(options, terminal));
};

const move = async (options: MoveCommandOptions, terminal: Terminal): Promise<void> => {
  const { verify: verifyOnly = false } = options;
  const source = await settingsOf(options.from, options.fromKeyFile, options);
  const target = await settingsOf(options.to, options.toKeyFile, options);
  for (const { url } of [source, target]) checkLasting(url);
  if (source.url === target.url) throw invalid("--from and --to name the same store.");
  const from = await openStoreEngine(source, "fail", terminal.say);
  try {
    const to = await openStoreEngine(target, verifyOnly ? "fail" : "make", terminal.say);
    const progress = showPhases(labels);
    try {
      const { signal } = terminal;
      const moved: MovedTenant[] = [];
      for await (const tenant of moveStore(from, to, { verifyOnly, signal, onProgress: progress.update })) {
        moved.push(tenant);
      }
      progress.finish();
      await tell(moved, options, terminal);
    } finally {
      progress.finish();
      await to.close();
    }
  } finally {
    await from.close();
  }
};

const settingsOf = (url: string, keyFile: string | undefined, { config }: MoveCommandOptions) =>
  readSettings({
    url,
    ...(keyFile !== undefined && { keyFile }),
    ...(config !== undefined && { config }),
  });

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const checkLasting = (url: string): void => {
  if (url === ":memory:") throw invalid("A store in memory ends with this command. Name one that lasts.");
};

const tell = async (
  tenants: readonly MovedTenant[],
  { json, verify }: MoveCommandOptions,
  terminal: Terminal,
): Promise<void> => {
  if (json) for (const tenant of tenants) await terminal.print(JSON.stringify(tenant));
  else await printTable(terminal, head, tenants.map(toRow));
  const sum = (numbers: readonly number[]): string =>
    numbers.reduce((total, number) => total + number, 0).toLocaleString("en");
  const moved = verify ? "" : `${sum(tenants.map((tenant) => tenant.moved))} moved, `;
  const verified = sum(tenants.map(({ changes }) => changes));
  terminal.say(
    `Changes: ${moved}${verified} verified (tenants: ${sum(tenants.map(() => 1))}); both stores hold the same.`,
  );
};

const toRow = ({ tenant, changes, moved, hash }: MovedTenant): string[] => [
  tenant,
  String(changes),
  String(moved),
  hash,
];
