import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf, root, start } from "./run.ts";

const config = `
import { defineComponent, Document } from "contextbase";
import { z } from "zod";
const Vector = defineComponent({
  name: "Vector",
  types: { point: z.object({ label: z.string().default("none") }) },
  embeddings: { dimensions: 3 },
});
export default { components: [Document, Vector] };`;

const report = async (words: readonly string[], cwd: string): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await contextbase([...words, "--json"], { cwd });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};

describe("import of documents", () => {
  it("[L2] makes no new version of an unchanged section, one of a changed one, and prunes", async () => {
    const cwd = temporaryFolder();
    const docs = join(cwd, "docs");
    mkdirSync(docs);
    writeFileSync(join(docs, "a.md"), "# A\n\none\n\n## B\n\ntwo\n");
    writeFileSync(join(docs, "b.txt"), "plain\n");
    writeFileSync(join(docs, "broken.md"), new Uint8Array([0xff]));
    const first = await contextbase(["import", "docs"], { cwd });
    expect(first.stdout).toBe("docs: 2 files; sections: 3 new, 0 changed, 0 unchanged, 0 removed\n");
    expect(first.stderr).toContain("left out: broken.md is no UTF-8\n");
    expect(await report(["import", "docs"], cwd)).toMatchObject({ created: 0, changed: 0, unchanged: 3 });
    writeFileSync(join(docs, "a.md"), "# A\n\none\n\n## B\n\nchanged\n");
    rmSync(join(docs, "b.txt"));
    expect(await report(["import", "docs", "--prune"], cwd)).toMatchObject({
      changed: 1,
      unchanged: 1,
      removed: 1,
    });
    const history = await contextbase(["history", "Document", "docs/a.md#b", "--json"], { cwd });
    expect(linesOf(history.stdout).map(({ version }) => version)).toEqual([2, 1]);
    expect(
      (await contextbase(["history", "Document", "docs/a.md#a", "--json"], { cwd })).stdout.split("\n"),
    ).toHaveLength(2);
    expect(await report(["import", "docs/a.md"], cwd)).toMatchObject({ files: 1, unchanged: 2 });
  });

  it("refuses options that it would ignore", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.md"), "# A\n");
    const [prune, component] = await Promise.all([
      contextbase(["import", "-", "--prune"], { cwd }),
      contextbase(["import", "a.md", "--component", "Document"], { cwd }),
    ]);
    expect([prune.code, component.code]).toEqual([2, 2]);
  });
});

describe("export and import of contexts", () => {
  it("[L3] give the same contexts in an empty store, and nothing new the second time", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "contextbase.config.ts"), config);
    symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
    const points = Array.from({ length: 2_500 }, (_, n) => ({
      id: `p${n}`,
      type: "point",
      content: n % 2 ? { label: `\u2028 "${n}" \u007F 日本` } : {},
      embeddings: n % 3 ? [n, 0.1, -1e-7] : [],
      metadata: { n, nested: { list: [null, -0, 1e21] } },
    }));
    const input = points.map((point) => JSON.stringify(point)).join("\n");
    const made = await contextbase(["import", "-", "--component", "Vector"], { cwd, input });
    expect(made.stdout).toBe("Contexts: 2500 new, 0 changed, 0 unchanged\n");
    writeFileSync(join(cwd, "a.md"), "# A\n");
    await contextbase(["import", "a.md"], { cwd });

    const exported = await contextbase(["export"], { cwd });
    expect(linesOf(exported.stdout)).toHaveLength(2_502);
    writeFileSync(join(cwd, "all.ndjson"), exported.stdout);
    const copy = ["--url", "file:./copy.db"];
    expect(await report(["import", "all.ndjson", ...copy], cwd)).toEqual({
      created: 2_502,
      changed: 0,
      unchanged: 0,
    });
    expect(await report(["import", "all.ndjson", ...copy], cwd)).toEqual({
      created: 0,
      changed: 0,
      unchanged: 2_502,
    });
    const [again, part] = await Promise.all([
      contextbase(["export", ...copy], { cwd }),
      contextbase(["export", "Document", ...copy], { cwd }),
    ]);
    const withoutTimes = (stdout: string): string[] =>
      linesOf(stdout)
        .map(({ createdAt: _, updatedAt: __, ...context }) => JSON.stringify(context))
        .sort();
    expect(withoutTimes(again.stdout)).toEqual(withoutTimes(exported.stdout));
    expect(
      linesOf(part.stdout)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([expect.any(String), expect.any(String)]);
  });

  it("store nothing of a batch with bad lines, and name each", async () => {
    const cwd = temporaryFolder();
    const line = (id: string): string =>
      JSON.stringify({ component: "Document", id, type: "section", content: { text: id } });
    const good = Array.from({ length: 2_000 }, (_, n) => line(`n${n}`));
    const bad = [
      line("good"),
      "",
      "{",
      "[]",
      '{"component":"Nope","id":"a"}',
      '{"component":"Document","type":"section"}',
    ];
    const input = [...good, ...bad].join("\n");
    const { code, stdout, stderr } = await contextbase(["import", "-"], { cwd, input });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect([...stderr.matchAll(/^ {2}line (\d+): /gm)].map((match) => Number(match[1]))).toEqual([
      2003, 2004, 2005, 2006,
    ]);
    expect(stderr).toContain("Up to line 2000 everything is stored, after it nothing");
    expect((await contextbase(["get", "Document", "good"], { cwd })).code).toBe(1);
    expect((await contextbase(["get", "Document", "n1999"], { cwd })).code).toBe(0);
  });

  it("make a version of each line where an id stands several times", async () => {
    const cwd = temporaryFolder();
    const line = (text: string): string =>
      JSON.stringify({ component: "Document", id: "a", type: "section", content: { text } });
    const { stdout } = await contextbase(["import", "-"], { cwd, input: `${line("one")}\n${line("two")}\n` });
    expect(stdout).toBe("Contexts: 1 new, 1 changed, 0 unchanged\n");
  });

  it("end quietly where nobody reads on, as head does", async () => {
    const cwd = temporaryFolder();
    const input = Array.from({ length: 3_000 }, (_, n) =>
      JSON.stringify({
        component: "Document",
        id: `n${n}`,
        type: "section",
        content: { text: "x".repeat(200) },
      }),
    ).join("\n");
    await contextbase(["import", "-"], { cwd, input });
    const child = start("bin/contextbase.js", ["export"], { cwd });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout?.once("data", () => child.stdout?.destroy());
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("stop at Ctrl-C with what was imported so far, and the store whole", async () => {
    const cwd = temporaryFolder();
    const line = (n: number): string =>
      `${JSON.stringify({ component: "Document", id: `n${n}`, type: "section", content: { text: "x" } })}\n`;
    const child = start("bin/contextbase.js", ["import", "-"], { cwd });
    for (let n = 0; n < 5_000; n++) child.stdin?.write(line(n));
    await new Promise<void>((resolve) =>
      child.stderr?.on("data", (chunk) => String(chunk).includes("4,000") && resolve()),
    );
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(130);
    const { stdout } = await contextbase(["doctor", "--json"], { cwd });
    expect(linesOf(stdout).find(({ check }) => check === "integrity")?.status).toBe("ok");
    expect((await contextbase(["get", "Document", "n3999"], { cwd })).code).toBe(0);
  });
});
