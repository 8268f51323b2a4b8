import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf, type Result } from "./run.ts";

const configuration = `import { defineComponent, defineConfig } from "contextbase";

const embed = async (texts: readonly string[]) => {
  if (process.env.EMBED_FAILS) throw new Error("no model");
  return texts.map((text) => [1, text.length]);
};
export default defineConfig({
  components: [
    defineComponent({ name: "Turn", thread: "metadata.conversation", order: "metadata.turn" }),
    defineComponent({ name: "Note", embeddings: { dimensions: 2, model: "length", embed } }),
  ],
});
`;

/** A store of three turns of a conversation and two notes, and how it is searched. */
const filled = async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "contextbase.config.ts"), configuration);
  const turns = ["Where is the telescope?", "The telescope stands in the attic.", "Nice!"];
  const contexts = [
    ...turns.map((text, index) => ({
      component: "Turn",
      id: `t${index + 1}`,
      type: "turn",
      content: { text },
      metadata: { conversation: "c", turn: index + 1 },
    })),
    ...["refunds", "shipping takes days"].map((text) => ({
      component: "Note",
      id: text.slice(0, 1),
      type: "note",
      content: { text },
    })),
  ];
  const input = contexts.map((context) => JSON.stringify(context)).join("\n");
  expect(await contextbase(["import", "-"], { cwd, input })).toMatchObject({ code: 0 });
  const search = (words: readonly string[], env = {}): Promise<Result> =>
    contextbase(["search", ...words], { cwd, env });
  return { cwd, search };
};

/** The cells of the lines that hits are printed as. */
const cellsOf = ({ stdout }: Result): string[][] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("\t"));

const idsOf = (result: Result): (string | undefined)[] => cellsOf(result).map(([, id]) => id);

it("[Q3, Q7] search is widened, weighed by age, boosted and explained, as the library has it", async () => {
  const { cwd, search } = await filled();
  writeFileSync(join(cwd, "boost.json"), '[{ "where": { "id": "t2" }, "factor": 9 }]');
  const [widened, boosted, fromFile, aged, asJson] = await Promise.all([
    search(["Turn", "attic", "--limit", "1", "--widen", "1"]),
    search(["Turn", "telescope where", "--boost", '[{"where":{"id":"t3"},"factor":100}]', "--explain"]),
    search(["Turn", "where is it", "--boost", "@boost.json", "--limit", "1"]),
    search(["Turn", "telescope", "--half-life", "90 days", "--json"]),
    search(["Turn", "attic", "--limit", "1", "--widen", "1", "--json"]),
  ]);
  expect(cellsOf(widened).map(([score, id]) => [score !== "", id])).toEqual([
    [false, "t1"],
    [true, "t2"],
    [false, "t3"],
  ]);
  expect(idsOf(boosted)[0]).toBe("t3");
  expect(boosted.stderr).toMatch(/^keyword: BM25/);
  expect(idsOf(fromFile)).toEqual(["t2"]);
  expect(linesOf(aged.stdout)[0]).toMatchObject({ why: { recency: expect.closeTo(1, 3) } });
  expect(linesOf(asJson.stdout)).toMatchObject([{ before: [{ id: "t1" }], after: [{ id: "t3" }] }]);
});

it("[Q3, Q9] search goes by a vector that is given, or by text alone where the embedder is down", async () => {
  const { cwd, search } = await filled();
  writeFileSync(join(cwd, "vector.json"), "[1, 19]");
  const down = { EMBED_FAILS: "1" };
  const [vector, fromFile, failed, textOnly] = await Promise.all([
    search(["Note", "--embeddings", "[1, 7]", "--limit", "1"], down),
    search(["Note", "--embeddings", "@vector.json", "--limit", "1"], down),
    search(["Note", "refunds"], down),
    search(["Note", "refunds", "--text-only"], down),
  ]);
  expect([idsOf(vector), idsOf(fromFile)]).toEqual([["r"], ["s"]]);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("--text-only")]);
  expect(idsOf(textOnly)).toEqual(["r"]);
});

it("[L1, Q3] search refuses by name what is wrong", async () => {
  const { search } = await filled();
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /needs text or embeddings/],
    [["x", "--widen", "51"], /from 1 to 50/],
    [["x", "--half-life", "soon"], /number of milliseconds, or a whole number and a unit/],
    [["x", "--half-life", "0"], /halfLife, in milliseconds, is 0/],
    [["x", "--boost", '{"factor":2}'], /--boost must be a JSON array/],
    [["x", "--boost", '[{"where":{},"factor":1e99}]'], /factor of a boost is 1e\+99/],
    [["x", "--embeddings", '["a"]'], /--embeddings must be a JSON array of numbers/],
    [["x", "--embeddings", "@nothing.json"], /"nothing\.json", cannot be read/],
    [["x", "--embeddings", "[1]", "--text-only"], /cannot be used with/],
  ];
  const answers = await Promise.all(wrong.map(([words]) => search(["Turn", ...words])));
  for (const [index, { code, stdout, stderr }] of answers.entries()) {
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(wrong[index]?.[1] ?? ""),
    });
  }
});
