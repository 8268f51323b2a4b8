import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { ComponentDefinition } from "./component.ts";
import type { ComponentDescription } from "./description.ts";
import { isBodyPath, parsePath } from "./path.ts";

type Finding = Pick<ComponentDescription, "searchText" | "indexes" | "thread" | "order">;

const invalid = (message: string, cause?: unknown): ContextbaseError =>
  new ContextbaseError("invalid_component", message, { cause });

const checkPath = (option: string, value: unknown): string => {
  try {
    const path = parsePath(value);
    if (isBodyPath(path)) return path.text;
  } catch (cause) {
    throw invalid(`${option}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  throw invalid(`${option} names ${JSON.stringify(value)}, which is found without it. Leave it out.`);
};

const checkPaths = (option: string, value: unknown): readonly string[] => {
  if (!Array.isArray(value)) throw invalid(`${option} must be an array of paths.`);
  if (value.length > limits.componentPaths) {
    throw invalid(`${option} has ${value.length} paths; ${limits.componentPaths} are the most.`);
  }
  const paths = value.map((path) => checkPath(option, path));
  const twice = paths.find((path, at) => paths.indexOf(path) < at);
  if (twice !== undefined) throw invalid(`${option} names ${JSON.stringify(twice)} twice.`);
  return paths;
};

/**
 * What a component says of how its contexts are found, checked; what it leaves out is left out.
 * @throws ContextbaseError invalid_component
 */
export const checkFinding = (
  name: string,
  { searchText, indexes, thread, order }: ComponentDefinition,
): Finding => {
  if ((thread === undefined) !== (order === undefined)) {
    throw invalid(`${name} declares thread or order alone. Declare both, or neither.`);
  }
  const threads = typeof thread === "string" ? [thread] : thread;
  return {
    ...(searchText !== undefined && { searchText: checkPaths(`${name}.searchText`, searchText) }),
    ...(indexes !== undefined && { indexes: checkPaths(`${name}.indexes`, indexes) }),
    ...(threads !== undefined && { thread: checkPaths(`${name}.thread`, threads) }),
    ...(order !== undefined && { order: checkPath(`${name}.order`, order) }),
  };
};
