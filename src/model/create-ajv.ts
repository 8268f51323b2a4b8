import { createRequire } from "node:module";
import type { Ajv2020 } from "ajv/dist/2020.js";

const require = createRequire(import.meta.url);

/** A validator of JSON Schemas. Its ninety files are loaded with the first one: a library's schemas do without. */
export const createAjv = (): Ajv2020 => {
  const { Ajv2020 }: typeof import("ajv/dist/2020.js") = require("ajv/dist/2020.js");
  const addFormats: typeof import("ajv-formats").default = require("ajv-formats");
  const ajv = new Ajv2020({ allErrors: false, strict: true, strictTypes: false, strictRequired: false });
  addFormats.default(ajv);
  return ajv;
};
