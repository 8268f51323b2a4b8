import { ContextbaseError } from "../../base/errors.ts";
import type { Operation } from "../operation.ts";
import { readJsonBody } from "./body.ts";
import { type Field, fieldsOf, writeHeader } from "./fields.ts";

/** Gathers the input of an operation from a request. Whether it fits is the operation's to say. */
export type ReadInput = (request: Request) => Promise<Record<string, unknown>>;

/** @param path the path of the operation with what stands before it: `/v1/components/{component}` */
export const createReadInput = (operation: Operation, path: string): ReadInput => {
  const fields = fieldsOf(operation);
  const template = path.split("/");
  const inQuery = fields.filter((field) => field.in === "query");

  const fromPath = (pathname: string): [string, unknown][] => {
    const segments = pathname.split("/");
    return fields
      .filter((field) => field.in === "path")
      .map((field) => [
        field.name,
        readText(field, decodeSegment(segments[template.indexOf(`{${field.name}}`)])),
      ]);
  };

  const fromQuery = (query: URLSearchParams): [string, unknown][] => {
    for (const name of query.keys()) {
      if (!inQuery.some((field) => field.name === name)) throw unknownParameter(operation, name, inQuery);
      if (query.getAll(name).length > 1) throw invalid(`${name} stands in the query twice. Give it once.`);
    }
    return inQuery
      .filter(({ name }) => query.has(name))
      .map((field) => [field.name, readText(field, query.get(field.name) ?? "")]);
  };

  return async (request) => {
    const url = new URL(request.url);
    const input = Object.fromEntries([...fromPath(url.pathname), ...fromQuery(url.searchParams)]);
    if (fields.some((field) => field.in === "header")) input.write = readWrite(request.headers);
    if (operation.body !== undefined) input[operation.body] = await readJsonBody(request);
    return input;
  };
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const unknownParameter = (operation: Operation, name: string, known: readonly Field[]): ContextbaseError => {
  const takes = known.map((field) => field.name).join(", ");
  return invalid(
    `${operation.name} has no query parameter ${JSON.stringify(name.slice(0, 100))}. It takes ${takes || "none"}.`,
  );
};

const decodeSegment = (segment = ""): string => {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    const message = `${JSON.stringify(segment.slice(0, 200))} in the path is not percent-encoded UTF-8. Encode it as encodeURIComponent does.`;
    throw new ContextbaseError("invalid_argument", message, { cause });
  }
};

/** Numbers are texts in a URL. What is none stays a text, and is refused as such. */
const readText = (field: Field, text: string): unknown =>
  field.schema.type === "integer" && /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : text;

/** The name of a write, as it stands or in quotes, which the header's Internet-Draft wants. */
const readWrite = (headers: Headers): string | undefined => {
  const value = headers.get(writeHeader);
  if (value === null) return undefined;
  if (!/^[\x20-\x7e]*$/.test(value)) throw invalid(`${writeHeader} must be printable ASCII, such as a UUID.`);
  return /^"([^"\\]*)"$/.exec(value)?.[1] ?? value;
};
