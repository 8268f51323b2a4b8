import { z } from "zod";
import { defineComponent } from "../store/define-component.ts";

/**
 * The component that ships with Contextbase: texts, each as one `file` context and one `section` context
 * for every part of it. The ids of both begin with their source and path.
 */
export const Document = defineComponent({
  name: "Document",
  types: {
    /** `sections`: the ids of its sections, in the order in which they stand in the text. */
    file: z.strictObject({ path: z.string(), sections: z.array(z.string()) }),
    /** From one heading to the next, its own heading line included, blank lines around it left out. */
    section: z.strictObject({ text: z.string() }),
  },
  /**
   * `heading`: the headings that a section stands under, the outermost first, its own last.
   * `depth`: the level of its own heading; 0 for the text before the first one.
   */
  metadata: z
    .looseObject({
      source: z.string(),
      path: z.string(),
      heading: z.array(z.string()),
      depth: z.int().min(0).max(6),
    })
    .partial(),
  searchText: ["content.text", "content.path", "metadata.heading"],
  indexes: ["metadata.source", "metadata.path"],
});
