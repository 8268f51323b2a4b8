import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

it("[V7] list, search and history show what stood at a time", async () => {
  const cwd = temporaryFolder();
  const put = async (id: string, text: string) => {
    const words = ["put", "Document", id, JSON.stringify({ text }), "--type", "section", "--json"];
    return String(linesOf((await contextbase(words, { cwd })).stdout)[0]?.updatedAt);
  };
  const time = await put("a", "first words");
  await put("a", "second thoughts");
  await put("b", "late words");
  const at = (...words: string[]) => contextbase([...words, "--as-of", time], { cwd });
  const [listed, counted, found, history, wrong] = await Promise.all([
    at("list", "Document", "--json"),
    at("list", "Document", "--count"),
    at("search", "Document", "words", "--json"),
    at("history", "Document", "a", "--json"),
    contextbase(["list", "Document", "--as-of", "yesterday"], { cwd }),
  ]);
  expect(linesOf(listed.stdout).map(({ id, version }) => [id, version])).toEqual([["a", 1]]);
  expect(counted.stdout).toBe("1\n");
  expect(linesOf(found.stdout)).toMatchObject([{ context: { id: "a", version: 1 } }]);
  expect(linesOf(history.stdout)).toMatchObject([{ version: 1 }]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("2026-01-31T12:00:00Z")]);
});
