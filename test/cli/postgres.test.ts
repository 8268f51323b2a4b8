import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adminUrl, onServer, run, section, updated } from "./postgres-place.ts";
import { linesOf, root, start, waitFor } from "./run.ts";

onServer("the command line on PostgreSQL", () => {
  describe("put, get, list, history and doctor", () => {
    it("[V3] [V6] keep versions, and make no key and no file", async () => {
      const { cwd, app: env } = await updated();
      expect(await run(section("a", "one"), { cwd, env })).toEqual({
        code: 0,
        stdout: 'Document "a" is version 1.\n',
        stderr: "",
      });
      await run(section("a", "two"), { cwd, env });
      const conflict = await run([...section("a", "x"), "--version", "2"], { cwd, env });
      expect(conflict.stderr).toMatch(/\[version_conflict\]\n$/);
      const [current, first, history, list] = await Promise.all([
        run(["get", "Document", "a", "--json"], { cwd, env }),
        run(["get", "Document", "a", "--version", "1", "--json"], { cwd, env }),
        run(["history", "Document", "a", "--json"], { cwd, env }),
        run(["list", "Document", "--json"], { cwd, env }),
      ]);
      expect(linesOf(current.stdout)).toMatchObject([{ version: 2, content: { text: "two" } }]);
      expect(linesOf(first.stdout)).toMatchObject([{ version: 1, content: { text: "one" } }]);
      expect(linesOf(history.stdout).map(({ version }) => version)).toEqual([2, 1]);
      expect(list.stdout).toBe(current.stdout);
      expect(readdirSync(cwd)).toEqual([]);
    });

    it("examine the server, the role and the tables, and warn of an owner", async () => {
      const { cwd, app, owner, schema } = await updated();
      const [of, ofOwner] = await Promise.all([
        run(["doctor", "--json"], { cwd, env: app }),
        run(["doctor", "--json"], { cwd, env: owner }),
      ]);
      const findings = linesOf(of.stdout);
      expect(of.code).toBe(0);
      expect(findings.map(({ check }) => check)).toEqual(
        "node configuration store server layout role tenants changes pgvector".split(" "),
      );
      expect(findings.find(({ check }) => check === "store")?.found).toMatch(
        new RegExp(`^postgres://[^@]+\\?schema=${schema}$`),
      );
      expect(linesOf(ofOwner.stdout).find(({ check }) => check === "role")).toMatchObject({ status: "warn" });
    });

    it.skipIf(!adminUrl)(
      "warn in one line of a superuser, whom row-level security does not bind",
      async () => {
        const { cwd, app } = await updated();
        const admin = new URL(app.CONTEXTBASE_URL ?? "");
        const { username, password } = new URL(adminUrl);
        Object.assign(admin, { username, password });
        const listed = await run(["list", "Document"], { cwd, env: { CONTEXTBASE_URL: admin.href } });
        expect(listed.code).toBe(0);
        expect(listed.stderr).toMatch(
          /^warning: The role .* bypasses row-level security, .*\nThere is no Document\.\n$/,
        );
      },
    );

    it("serve tells where the store is, and answers over HTTP", async () => {
      const { cwd, app, schema } = await updated();
      await run(section("a", "one"), { cwd, env: app });
      const child = start("bin/contextbase.js", ["serve", "--port", "0"], { cwd, env: app });
      const [told = ""] = await waitFor(child.stderr, /The store is .*\n/);
      expect(told).toMatch(new RegExp(`^The store is postgres://[^@]+\\?schema=${schema}\n$`));
      const [, url = ""] = await waitFor(child.stdout, /Contextbase serves (http:\S+)\n/);
      const response = await fetch(`${url}/v1/components/Document/contexts/a`);
      expect(await response.json()).toMatchObject({ version: 1, content: { text: "one" } });
    });
  });

  it("[L3] export and import bring contexts from a file and back", async () => {
    const { cwd, app } = await updated();
    const docs = join(cwd, "docs");
    mkdirSync(docs);
    writeFileSync(join(docs, "a.md"), '# A\n\n日本 \u2028 "quoted" \\u0041\n\n## B\n\ntwo\n');
    const file = { CONTEXTBASE_URL: "file:./here.db" };
    await run(["import", "docs"], { cwd, env: file });
    const exported = await run(["export"], { cwd, env: file });
    const there = await run(["import", "-", "--json"], { cwd, env: app, input: exported.stdout });
    expect(JSON.parse(there.stdout)).toEqual({ created: 3, changed: 0, unchanged: 0 });
    expect((await run(["import", "docs"], { cwd, env: app })).stdout).toContain(
      "0 new, 0 changed, 2 unchanged",
    );
    const back = await run(["export"], { cwd, env: app });
    const again = await run(["import", "-", "--json"], { cwd, env: file, input: back.stdout });
    expect(JSON.parse(again.stdout)).toEqual({ created: 0, changed: 0, unchanged: 3 });
  });

  it("takes the url of the configuration and no key, and refuses a key file that it would ignore", async () => {
    const { cwd, app } = await updated();
    const url = JSON.stringify(app.CONTEXTBASE_URL);
    writeFileSync(
      join(cwd, "contextbase.config.ts"),
      `import { Document } from "contextbase"; export default { url: ${url}, components: [Document] };`,
    );
    symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
    const env = { CONTEXTBASE_KEY_FILE: "of-files.key" };
    const stored = await run(section("a", "one"), { cwd, env });
    expect(stored).toMatchObject({ code: 0, stderr: "" });
    const refused = await run(["list", "Document", "--key-file", "x.key"], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("--key-file is for files");
  });
});
