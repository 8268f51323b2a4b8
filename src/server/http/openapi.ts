import * as z from "zod";
import { errorTable } from "../../base/error-table.ts";
import type { Operation } from "../operation.ts";
import { outputs } from "../outputs.ts";
import { bodySchemaOf, type Field, fieldsOf, writeHeader } from "./fields.ts";
import { problemType } from "./problem.ts";
import { eventStream, jsonLines } from "./stream-formats.ts";

type Described = Readonly<Record<string, unknown>>;

/**
 * The OpenAPI 3.1 description of the operations.
 * @param root what their paths stand below
 * @param components the names of the components that there are
 */
export const describeApi = (
  operations: readonly Operation[],
  root: string,
  components: readonly string[],
): Described => {
  const paths: Record<string, Record<string, Described>> = {};
  for (const operation of operations) {
    const path = root + operation.path;
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, components) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Contextbase", version: "1" },
    servers: [{ url: "/" }],
    // Nobody is asked who they are; that is why only this machine is served.
    security: [],
    paths,
    components: {
      schemas: { ...outputSchemas(), Problem: problemSchema },
      responses: { Problem: { description: "What went wrong.", content: contentOf(problemType, "Problem") } },
    },
  };
};

const describe = (operation: Operation, components: readonly string[]): Described => {
  const body = bodySchemaOf(operation);
  return {
    operationId: operation.name,
    summary: operation.summary,
    parameters: [
      ...parametersOf(operation, components),
      ...conditionsOf(operation),
      ...resumingOf(operation),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: body } } },
    }),
    responses: responsesOf(operation),
  };
};

const parametersOf = (operation: Operation, components: readonly string[]): Described[] =>
  fieldsOf(operation).map((field: Field) => {
    const { description, ...schema } = field.schema;
    const named = field.name === "component" && components.length > 0 ? { enum: components } : {};
    return {
      name: field.in === "header" ? writeHeader : field.name,
      in: field.in,
      required: field.required,
      ...(description !== undefined && { description }),
      schema: { ...schema, ...named },
    };
  });

/** Whatever streams goes on behind an event, too. */
const resumingOf = (operation: Operation): Described[] =>
  "open" in operation
    ? [
        {
          name: "Last-Event-ID",
          in: "header",
          description: "The id of the last event that came. It counts more than after does.",
          schema: { type: "string" },
        },
      ]
    : [];

const conditionsOf = ({ guarded, output, method }: Operation): Described[] => {
  const tagged = method === "GET" && output !== undefined && outputs.get(output)?.id === "Context";
  if (!guarded && !tagged) return [];
  return ["If-Match", "If-None-Match"].map((name) => ({
    name,
    in: "header",
    description: 'Versions as entity tags, such as "3", or *.',
    schema: { type: "string" },
  }));
};

const responsesOf = (operation: Operation): Described => {
  const { statuses, output, method } = operation;
  const name = output && outputs.get(output)?.id;
  const headers = name === "Context" && { headers: { ETag: { schema: { type: "string" } } } };
  const done = {
    description: "open" in operation ? "One after another: the data of each event, or each line." : "Done.",
    ...(name && { content: contentsOf(operation, name), ...headers }),
  };
  return {
    ...Object.fromEntries(statuses.map((status) => [status, done])),
    ...(name === "Context" && method === "GET" && { 304: { description: "It is the version you have." } }),
    default: { $ref: "#/components/responses/Problem" },
  };
};

const contentsOf = (operation: Operation, name: string): Described =>
  "open" in operation
    ? { ...contentOf(eventStream.type, name), ...contentOf(jsonLines.type, name) }
    : contentOf("application/json", name);

const contentOf = (type: string, name: string): Described => ({
  [type]: { schema: { $ref: `#/components/schemas/${name}` } },
});

const outputSchemas = (): Described => {
  const { schemas } = z.toJSONSchema(outputs, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
};

const problemSchema = {
  type: "object",
  description: "RFC 9457, with our code.",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What happened, and the way out." },
    code: { enum: Object.keys(errorTable) },
    component: { type: "string" },
    retryable: { type: "boolean" },
    details: { type: "object" },
  },
  required: ["type", "title", "status", "detail", "code", "retryable", "details"],
};
