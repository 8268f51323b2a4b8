import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

it("[Q1, Q2] list takes a filter and an order, says how it found, and counts", async () => {
  const cwd = temporaryFolder();
  const lines = ["b", "a", "c"].map((id) => ({
    component: "Document",
    id,
    type: "section",
    content: { text: id },
  }));
  const input = lines.map((line) => JSON.stringify(line)).join("\n");
  expect(await contextbase(["import", "-"], { cwd, input })).toMatchObject({ code: 0 });

  writeFileSync(join(cwd, "filter.json"), '{"content.text": {"$gte": "b"}}');
  const list = (...words: string[]) => contextbase(["list", "Document", ...words], { cwd });
  const [found, counted, misspelled, unknown, direction, broken] = await Promise.all([
    list(
      "--where",
      '{"content.text": {"$gte": "b"}}',
      "--order-by",
      "content.text:desc",
      "--explain",
      "--json",
    ),
    list("--where", "@filter.json", "--count"),
    list("--where", '{"content.text": {"$gtee": "b"}}'),
    list("--order-by", "text"),
    list("--order-by", "content.text:up"),
    list("--where", "{"),
  ]);
  expect(linesOf(found.stdout).map(({ id }) => id)).toEqual(["c", "b"]);
  expect(found.stderr).toBe("filter content.text: every context is read\norder content.text: sorted\n");
  expect(counted).toEqual({ code: 0, stdout: "2\n", stderr: "" });
  expect([misspelled.code, misspelled.stderr]).toEqual([2, expect.stringContaining("Is it $gte?")]);
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('"text" begins with none of those'),
  ]);
  expect([direction.code, direction.stderr]).toEqual([2, expect.stringContaining("neither :asc nor :desc")]);
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("--where is no JSON")]);
});
