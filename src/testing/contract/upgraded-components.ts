import { z } from "zod";
import { defineComponent } from "../../index.ts";
import { createNew, type EngineUnderTest } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

export const name = "Upgraded";
const indexes = ["content.count", "metadata.tag"];

/** The component as it was: `n` is a text, and what is a `memo` later was a `note`. */
export const Old = defineComponent({
  name,
  types: { item: z.object({ n: z.string(), text: z.string() }), note: z.object({ text: z.string() }) },
  indexes: ["content.n"],
});

/** As it is: `count` is a number, one more with each upgrade, and `unit` tells of what. */
export const New = defineComponent({
  name,
  types: {
    item: z.object({ count: z.number(), unit: z.string(), text: z.string() }),
    memo: z.object({ text: z.string() }),
  },
  metadata: z.object({ tag: z.string() }).partial(),
  indexes,
  schemaVersion: 3,
  upgrades: {
    2: { item: ({ content: { n, ...rest } }) => ({ content: { ...rest, count: Number(n) + 1 } }) },
    3: ({ type, content, metadata }) =>
      type === "note"
        ? { type: "memo", content }
        : { content: { ...content, unit: "pieces" }, metadata: { ...metadata, tag: `t${content.count}` } },
  },
});

export const old = (id: string, n: number) => ({
  id,
  type: "item" as const,
  content: { n: String(n), text: `old ${id}` },
});
export const present = (id: string, count: number) => ({
  id,
  type: "item" as const,
  content: { count, unit: "pieces", text: `new ${id}` },
  metadata: { tag: `t${count}` },
});

/** Stores on the same data, of a program before an upgrade and of one after it. */
export const openBoth = async (engine: EngineUnderTest) => {
  const { open } = await createNew(engine);
  const clock = manualClock();
  const before = (await open({ components: [Old], clock })).store(Old);
  const after = (await open({ components: [New], clock })).store(New);
  return { before, after, clock };
};
