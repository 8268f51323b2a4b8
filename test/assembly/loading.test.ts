import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { root } from "../cli/run.ts";

/** Assembles in a process of its own, in which every module that is loaded is noted. */
const program = (budget: string): string => `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const { defineComponent, openContextbase } = await import("./src/index.ts");
  const Note = defineComponent({ name: "Note" });
  const base = await openContextbase({ url: ":memory:", components: [Note] });
  await base.store(Note).storeContext({ type: "note", content: { text: "needle" } });
  const options = { query: "needle", sources: [{ component: Note }], budget: ${budget} };
  const { items, receipt } = await base.assemble(options);
  const { text } = await base.reassemble(receipt);
  await base.close();
  const tokenizers = loaded.filter((url) => url.includes("gpt-tokenizer")).length;
  console.log(JSON.stringify({ items: items.length, rebuilt: text.includes("needle"), tokenizers }));
`;

const run = (budget: string): { items: number; rebuilt: boolean; tokenizers: number } => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program(budget)], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};

describe("the tokenizer", () => {
  it("[Q8] is loaded when it is first needed, and never where the caller counts", () => {
    const counted = run("{ tokens: 1_000, count: (text) => text.length }");
    expect(counted).toEqual({ items: 1, rebuilt: true, tokenizers: 0 });
    const own = run("{ tokens: 1_000 }");
    expect(own).toMatchObject({ items: 1, rebuilt: true });
    expect(own.tokenizers).toBeGreaterThan(1);
  });
});
