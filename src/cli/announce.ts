import { ContextbaseError } from "../base/errors.ts";
import type { ContextbaseView } from "../store/contextbase.ts";

/** Where a context is served, ready to be pasted into a shell. */
export const urlOf = (url: string, component: string, id: string): string => {
  const segment = encodeURIComponent(id).replaceAll("'", "%27");
  return `'${url}/v1/components/${component}/contexts/${segment}'`;
};

/** Commands to try, for people. */
export const tellExamples = (examples: readonly string[]): string =>
  ["", "To try, in another terminal:", ...examples.map((line) => `  ${line}`), ""].join("\n");

/** Three requests that any store answers. */
export const listRequests = async (base: ContextbaseView, url: string): Promise<string[]> => {
  const [component] = base.components.values();
  const requests = [`curl '${url}/v1/components'`, `curl '${url}/openapi.json'`];
  if (!component) return requests;
  const { contexts } = await base.store(component).listContexts({ limit: 1 });
  const [newest] = contexts;
  const list = `'${url}/v1/components/${component.name}/contexts?limit=3'`;
  return [...requests, `curl ${newest ? urlOf(url, component.name, newest.id) : list}`];
};

/**
 * Adds to the error of a port that is taken how to choose another one.
 * @throws ContextbaseError cannot_listen
 */
export const explainPort = async <Server>(starting: Promise<Server>): Promise<Server> => {
  try {
    return await starting;
  } catch (cause) {
    if (!(cause instanceof ContextbaseError) || cause.code !== "cannot_listen") throw cause;
    const message = `${cause.message} Such as: CONTEXTBASE_PORT=${Number(cause.details.port) + 1}`;
    throw new ContextbaseError(cause.code, message, { cause, details: cause.details });
  }
};
