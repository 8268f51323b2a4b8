import type * as z from "zod";
import { ContextbaseError } from "../base/errors.ts";
import type { ContextbaseView } from "../store/contextbase.ts";

export type Method = "GET" | "PUT" | "POST" | "DELETE";

/**
 * Is told which version is current just before a write, undefined where the id reads as absent, and throws
 * where the write must not happen then.
 */
export type Guard = (current: number | undefined) => void;

/** What an operation gives: JSON, and what a protocol may tell beside it. */
export type Outcome<Value = unknown> = {
  /** Undefined where there is nothing to say but that it is done. */
  readonly value: Value;
  /** The version of the context, where `value` is one. */
  readonly version?: number;
  /** The id of the context, where it came to be by this. */
  readonly created?: string | undefined;
};

type Facts<Input extends z.ZodObject, Output> = {
  readonly name: string;
  /** One line for whoever calls it. */
  readonly summary: string;
  readonly method: Method;
  /** Below the root of the API; a name in braces is a field of the input. */
  readonly path: string;
  readonly input: Input;
  /** The field of the input that is the body of a request. The others stand in its path, query and headers. */
  readonly body?: string;
  readonly output: Output;
  /** The HTTP statuses of success. */
  readonly statuses: readonly number[];
  /** Whether it takes a guard. */
  readonly guarded?: boolean;
};

type AnyFacts = Facts<z.ZodObject, z.ZodType | undefined>;

/** An operation that is answered once. */
export type Answering = AnyFacts & {
  /** @throws ContextbaseError invalid_argument where the input does not fit, and what the store throws */
  readonly call: (base: ContextbaseView, input: unknown, guard?: Guard) => Promise<Outcome>;
};

/** What comes one after another. Who was cut off goes on behind the last that came: `after` in the input names it. */
export type Stream<Item = unknown> = {
  /** The position that it begins behind. */
  readonly after: number;
  readonly items: AsyncIterable<Item & { readonly position: number }>;
};

/** An operation that gives one `output` after another, as they come, until the signal fires. */
export type Streaming = AnyFacts & {
  /** @throws ContextbaseError as `call`; what is thrown once it streams comes from the iteration */
  readonly open: (base: ContextbaseView, input: unknown, signal: AbortSignal) => Promise<Stream>;
};

export type Operation = Answering | Streaming;

type ValueOf<Output> = Output extends z.ZodType ? z.input<Output> : undefined;

/** One operation: what it takes and gives as schemas, where HTTP has it, and what it does with a store. */
export const defineOperation = <Input extends z.ZodObject, Output extends z.ZodType | undefined>(
  definition: Facts<Input, Output> & {
    readonly run: (
      base: ContextbaseView,
      input: z.output<Input>,
      guard: Guard | undefined,
    ) => Promise<Outcome<ValueOf<Output>>>;
  },
): Answering => {
  const { run, ...facts } = definition;
  return { ...facts, call: async (base, input, guard) => run(base, parse(facts, input), guard) };
};

/** The same of one that streams. */
export const defineStream = <Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Facts<Input, Output> & {
    readonly run: (
      base: ContextbaseView,
      input: z.output<Input>,
      signal: AbortSignal,
    ) => Promise<Stream<z.input<Output>>>;
  },
): Streaming => {
  const { run, ...facts } = definition;
  return { ...facts, open: async (base, input, signal) => run(base, parse(facts, input), signal) };
};

const parse = <Input extends z.ZodObject>(
  { name, input: schema }: Pick<Facts<Input, unknown>, "name" | "input">,
  input: unknown,
): z.output<Input> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape).join(", ");
    throw invalid(`${name} has no ${JSON.stringify(issue.keys[0])}. It takes: ${known}.`);
  }
  throw invalid(`${issue?.path.join(".") || name} ${issue?.message}.`);
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);
