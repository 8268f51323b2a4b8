import * as z from "zod";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { encodeHit } from "../../model/encode-hit.ts";
import type { SearchOptions } from "../../model/searching.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

/** What the body may hold, for those who read the API. */
const searchShape = z.strictObject({
  text: z
    .string()
    .optional()
    .meta({ description: 'Words, any of which may stand in a text; "a phrase" that must; a prefix*.' }),
  embeddings: inputs.embeddings.optional(),
  type: inputs.type.optional(),
  where: inputs.filter.optional(),
  limit: z.int().min(1).max(limits.searchHits).optional(),
  widen: z.int().min(0).max(limits.searchNeighbours).optional(),
  halfLife: z.number().optional().meta({ description: "Milliseconds after which a hit counts half." }),
  boost: z.array(z.strictObject({ where: inputs.filter, factor: z.number() })).optional(),
  asOf: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: "What stood at this time is searched." }),
  explain: z.boolean().optional(),
});

const search = inputs.bodyOf<SearchOptions>(searchShape, isObject, "must be an object: what is searched for");

/** What finds contexts by what they say. */
export const searching = [
  defineOperation({
    name: "searchContexts",
    summary: "Finds contexts by text, by vector, or by both, best first.",
    method: "POST",
    path: "/components/{component}/search",
    input: z.strictObject({ component: inputs.component, search }),
    body: "search",
    output: outputs.hits,
    statuses: [200],
    run: async (base, { component, search }) => {
      const hits = await storeOf(base, component).searchContexts(search);
      return { value: { hits: hits.map(encodeHit), ...(hits.plan && { plan: [...hits.plan] }) } };
    },
  }),
];
