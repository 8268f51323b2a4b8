import { type Command, Option } from "commander";
import { systemClock } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { isObject, parseJson } from "../../base/json.ts";
import type { Component } from "../../model/component.ts";
import { parseDuration } from "../../model/duration.ts";
import { assertContext } from "../assert-context.ts";
import { toLine } from "../json-output.ts";
import { wholeNumber } from "../paging.ts";
import { readInput } from "../read-input.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { tellingConflicts } from "../show-conflicts.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type PutOptions = StoreOptions & {
  readonly type?: string;
  readonly metadata?: string;
  readonly embeddings?: string;
  readonly version?: number;
  readonly expires?: string;
  readonly onConflict?: "fail" | "merge";
  readonly context?: true;
  readonly json?: true;
};

const details = `
CONTENT is a JSON object. Left out, it is read from stdin. Without an ID one is made.

  contextbase put Customer c1 '{"name":"Ada"}' --type profile
  contextbase put Customer c1 --type profile < ada.json
  contextbase get Customer c1 | jq '.version += 1 | .content.name = "Ada L."' | contextbase put Customer --context`;

export const configurePut = (command: Command, terminal: Terminal): void => {
  command
    .option("--type <type>", "its type; may be left out where the component has just one")
    .option("--metadata <json>", "an object")
    .option("--embeddings <json>", "an array of numbers")
    .option(
      "--version <number>",
      "the version that this is to be; it fails if the one before is not current",
      (text) => wholeNumber(text),
    )
    .addOption(
      new Option(
        "--on-conflict <how>",
        "what becomes of it where another version came first: it fails, or is merged with that (default: fail)",
      ).choices(["fail", "merge"]),
    )
    .option(
      "--expires <time>",
      'from then on it reads as absent: 2026-01-31T12:00:00Z, or so long from now: "30 days"',
    )
    .option("--context", "what is given is a whole context, as get prints it, rather than its content")
    .option("--json", "print what was stored")
    .addHelpText("after", details);
  withStoreOptions(command).action(
    async (name: string, id: string | undefined, content: string | undefined, options: PutOptions) => {
      const settings = await readSettings(options);
      const component = findComponent(settings, name);
      // A sole argument that is an object can only be meant as the content.
      const swapped = content === undefined && id?.trimStart().startsWith("{");
      const given = swapped ? id : content;
      const what = options.context ? "context" : "content";
      const json = parseJson(given ?? (await readInput(what, terminal.signal)), `The ${what}`);
      const whole = options.context ? json : { type: onlyType(component), content: json };
      const input = isObject(whole) ? { ...whole, ...fieldsOf(swapped ? undefined : id, options) } : whole;
      if (isObject(input) && input.type === undefined) throw typeMissing(component);
      assertContext(component, input);
      await withStore(settings, "make", terminal, async (base) => {
        const { signal, say } = terminal;
        const { onConflict } = options;
        const storing = base.store(component).storeContext(input, { signal, onConflict });
        const stored = await tellingConflicts(storing, say);
        const { version } = input;
        const merged =
          version !== undefined && version !== stored.version
            ? `, merged with what came since version ${version - 1}`
            : "";
        const said = `${name} ${JSON.stringify(stored.id)} is version ${stored.version}${merged}.`;
        await terminal.print(options.json ? toLine(stored) : said);
      });
    },
  );
};

/** What the command line says of a context wins over what stands in it. */
const fieldsOf = (id: string | undefined, options: PutOptions): Record<string, unknown> => ({
  ...(id !== undefined && { id }),
  ...(options.type !== undefined && { type: options.type }),
  ...(options.metadata !== undefined && { metadata: parseJson(options.metadata, "--metadata") }),
  ...(options.embeddings !== undefined && { embeddings: parseJson(options.embeddings, "--embeddings") }),
  ...(options.version !== undefined && { version: options.version }),
  ...(options.expires !== undefined && { expiresAt: expiryOf(options.expires) }),
});

/** What is neither is refused by the store, which says what it takes. */
const expiryOf = (text: string): Date | string => {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined ? text : new Date(systemClock() + milliseconds);
};

const onlyType = ({ types }: Component): string | undefined => {
  const [only, other] = types?.keys() ?? [];
  return other === undefined ? only : undefined;
};

/** Said here, so that the mend is the option rather than the field. */
const typeMissing = ({ name, types }: Component): ContextbaseError => {
  const known = types ? ` Its types: ${[...types.keys()].join(", ")}.` : " Any will do.";
  return new ContextbaseError("invalid_argument", `${name} needs a --type.${known}`);
};
