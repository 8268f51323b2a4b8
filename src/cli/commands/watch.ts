import { styleText } from "node:util";
import { type Command, InvalidArgumentError } from "commander";
import type { Change, WatchOptions } from "../../model/context-store.ts";
import { escapeControls, harmless } from "../harmless.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import { Stopped, type Terminal } from "../terminal.ts";

type Options = StoreOptions & {
  readonly after?: number;
  readonly type?: string;
  readonly follow: boolean;
  readonly json?: true;
};

export const configureWatch = (command: Command, terminal: Terminal): void => {
  command
    .option(
      "--after <position>",
      "those after a position, 0 for all (default: those to come; with --no-follow all)",
      toPosition,
    )
    .option("--type <type>", "those of this type only")
    .option("--follow", "wait for more", true)
    .option("--no-follow", "end once all that there is was told")
    .option("--json", "one change a line, whole");
  withStoreOptions(command).action(async (name: string | undefined, options: Options) => {
    const settings = await readSettings(options);
    const component = name === undefined ? undefined : findComponent(settings, name);
    const { type, follow, json } = options;
    await withStore(settings, "fail", terminal, async (base) => {
      const after = options.after ?? (follow ? await base.lastPosition() : 0);
      const watching: WatchOptions = { after, type, follow, signal: terminal.signal };
      const changes = component ? base.store(component).watch(watching) : base.watch(watching);
      if (follow) terminal.say(`Watching ${settings.place} from position ${after}. Ctrl-C ends it.`);
      await show(changes, after, terminal, json ? toJson : toText);
    });
  });
};

/** Shows changes until they end or somebody stops it, and says behind which one to go on. */
const show = async (
  changes: AsyncIterable<Change>,
  after: number,
  { print, say, signal }: Terminal,
  toLine: (change: Change) => string,
): Promise<void> => {
  let position = after;
  try {
    for await (const change of changes) {
      await print(toLine(change));
      position = change.position;
    }
  } catch (cause) {
    if (!isMeant(signal)) throw cause;
  }
  say(`To go on: --after ${position}`);
};

/** To stop it is how a watch ends; a reader that went away, or cannot be written to, is told of elsewhere. */
const isMeant = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof Stopped && reason.exit >= firstSignalExit;

/** The exit code of what a signal ended is 128 and the signal's number. */
const firstSignalExit = 129;

const toPosition = (text: string): number => {
  const position = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(position)) return position;
  throw new InvalidArgumentError("It must be a position: a whole number from 0.");
};

const toJson = (change: Change): string => escapeControls(JSON.stringify(change));

/** For people: coloured on a terminal; where the output goes elsewhere there are tabs between the parts. */
const toText = ({ at, operation, component, id, type, version, actor }: Change): string => {
  const parts: [string, Parameters<typeof styleText>[0]][] = [
    [at.toISOString(), "dim"],
    [operation.padEnd(process.stdout.isTTY ? widestOperation : 0), operation === "delete" ? "red" : "green"],
    [`${component}/${id}`, "bold"],
    [`v${version}`, "cyan"],
    [type, "dim"],
    [actor, "magenta"],
  ];
  return parts
    .map(([text, style]) => styleText(style, harmless(text), { stream: process.stdout }))
    .join(process.stdout.isTTY ? "  " : "\t");
};

const widestOperation = "delete".length;
