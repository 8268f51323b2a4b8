import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { noServer, server, temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf, type Result, root, start, waitFor } from "./run.ts";

const {
  CONTEXTBASE_TEST_POSTGRES: adminUrl = "",
  CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl = "",
  CONTEXTBASE_TEST_POSTGRES_APP: appUrl = "",
} = process.env;

type Place = {
  readonly cwd: string;
  readonly schema: string;
  readonly owner: Readonly<Record<string, string>>;
  readonly app: Readonly<Record<string, string>>;
  readonly role: string;
};

const withSchema = (url: string, schema: string): string => {
  const named = new URL(url);
  named.searchParams.set("schema", schema);
  return named.href;
};

const asOwner = async (sql: string): Promise<void> => {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

/** A schema that is gone after the test, and the environments of those who work in it. */
const newPlace = (): Place => {
  const schema = `cli_${randomBytes(8).toString("hex")}`;
  onTestFinished(() => asOwner(`drop schema if exists ${schema} cascade`));
  return {
    cwd: temporaryFolder(),
    schema,
    owner: { CONTEXTBASE_URL: withSchema(ownerUrl, schema) },
    app: { CONTEXTBASE_URL: withSchema(appUrl, schema) },
    role: decodeURIComponent(new URL(appUrl).username),
  };
};

const updated = async (): Promise<Place> => {
  const place = newPlace();
  const { cwd, owner, role } = place;
  const { code, stderr } = await contextbase(["update", "--role", role, "--yes"], { cwd, env: owner });
  expect(code, stderr).toBe(0);
  return place;
};

const passwords = [adminUrl, ownerUrl, appUrl]
  .filter(Boolean)
  .map((url) => decodeURIComponent(new URL(url).password))
  .filter(Boolean);

/** What a command says holds no password, whether it went well or not. */
const run = async (words: readonly string[], options: Parameters<typeof contextbase>[1]): Promise<Result> => {
  const result = await contextbase(words, options);
  for (const password of [...passwords, "seCret"]) {
    expect(result.stdout + result.stderr).not.toContain(password);
  }
  return result;
};

const section = (id: string, text: string): string[] => [
  "put",
  "Document",
  id,
  JSON.stringify({ text }),
  "--type",
  "section",
];

describe.skipIf(!server)(`the command line on PostgreSQL${server ? "" : ` (skipped: ${noServer})`}`, () => {
  describe("update", () => {
    it("[L5] shows what it would do, and asks: without a terminal it changes nothing and exits 2", async () => {
      const { cwd, owner, role, schema } = newPlace();
      const asked = await run(["update", "--role", role], { cwd, env: owner });
      expect(asked).toMatchObject({ code: 2, stdout: "" });
      expect(asked.stderr).toContain(
        `schema ${schema}: store layout 0 → 3\n  1. tables\n  2. finding\n  3. version control\n`,
      );
      expect(asked.stderr).toContain(`The role ${role} is given`);
      expect(asked.stderr).toContain("Give --yes to go on, or --dry-run");
      const dry = await run(["update", "--dry-run", "--json"], { cwd, env: owner });
      expect(JSON.parse(dry.stdout)).toMatchObject({
        layout: 0,
        newest: 4,
        pending: ["tables", "finding", "version control", "counted rewrites"],
        done: false,
      });
    });

    it("prints with --dry-run the SQL that makes the same store by hand", async () => {
      const { cwd, owner, app, role } = newPlace();
      const { code, stdout } = await run(["update", "--role", role, "--dry-run"], { cwd, env: owner });
      expect(code).toBe(0);
      await asOwner(stdout);
      expect(await run(["update"], { cwd, env: owner })).toMatchObject({ code: 0 });
      expect(await run(section("a", "one"), { cwd, env: app })).toMatchObject({ code: 0 });
    });

    it("makes the tables once; the second time there is nothing to do", async () => {
      const { cwd, owner, schema } = newPlace();
      const first = await run(["update", "--yes"], { cwd, env: owner });
      expect(first).toMatchObject({ code: 0 });
      expect(first.stdout).toMatch(new RegExp(`^Done: .*, schema ${schema} has store layout 4\\.\n$`));
      const second = await run(["update"], { cwd, env: owner });
      expect(second).toMatchObject({ code: 0 });
      expect(second.stdout).toMatch(/^Nothing to do: /);
    });

    it("makes them in a schema that an administrator made, for an owner who may make none", async () => {
      const { cwd, owner, app, role, schema } = newPlace();
      await asOwner(`create schema ${schema}; grant create, usage on schema ${schema} to ${role}`);
      expect(await run(["update", "--yes"], { cwd, env: app })).toMatchObject({ code: 0 });
      expect(await run(["update", "--yes"], { cwd, env: owner })).toMatchObject({ code: 1 });
    });

    it("lets a role in, also where the tables are there already", async () => {
      const { cwd, owner, app, role } = newPlace();
      await run(["update", "--yes"], { cwd, env: owner });
      const before = await run(section("a", "one"), { cwd, env: app });
      expect(before.code).toBe(1);
      expect(before.stderr).toContain("contextbase update --role");
      await run(["update", "--yes", "--role", role], { cwd, env: owner });
      expect(await run(section("a", "one"), { cwd, env: app })).toMatchObject({ code: 0 });
    });

    it("refuses a role that is not there, and one that would see every tenant", async () => {
      const { cwd, owner } = newPlace();
      const self = decodeURIComponent(new URL(ownerUrl).username);
      const [absent, itself] = await Promise.all([
        run(["update", "--yes", "--role", "no'\"body"], { cwd, env: owner }),
        run(["update", "--yes", "--role", self], { cwd, env: owner }),
      ]);
      expect([absent.code, itself.code]).toEqual([2, 2]);
      expect(absent.stderr).toContain('CREATE ROLE "no\'""body" LOGIN');
      expect(itself.stderr).toContain("lets another role in");
    });

    it("does not touch a newer layout, and neither does any other command", async () => {
      const { cwd, owner, app, schema } = await updated();
      await asOwner(`insert into ${schema}.layout (version, name) values (99, 'of the future')`);
      const results = await Promise.all([
        run(["update", "--yes"], { cwd, env: owner }),
        run(["list", "Document"], { cwd, env: app }),
      ]);
      for (const { code, stderr } of results) {
        expect(code).toBe(1);
        expect(stderr).toMatch(/has store layout 99; .*\[newer_layout\]\n$/);
      }
    });

    it("says that a role may not make the tables, and what it takes", async () => {
      const { cwd, app } = newPlace();
      const { code, stderr } = await run(["update", "--yes"], { cwd, env: app });
      expect(code).toBe(1);
      expect(stderr).toContain("Run update as the owner of its tables");
    });
  });

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

  describe("says at once, and without a password, what is wrong:", () => {
    const told = async (url: string): Promise<string> => {
      const env = { CONTEXTBASE_URL: url, PGPASSWORD: "", PGPASSFILE: join(root, "none") };
      const { code, stdout, stderr } = await run(["list", "Document"], { cwd: temporaryFolder(), env });
      expect(code).toBeGreaterThan(0);
      expect(stdout).toBe("");
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      return stderr;
    };
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(appUrl);
      change(url);
      return url.href;
    };

    it("also where CONTEXTBASE_DEBUG shows the stack", async () => {
      const cwd = temporaryFolder();
      const urls = [changed((url) => (url.password = "seCret")), "postgres://u:seCret@127.0.0.1:1/x"];
      for (const url of urls) {
        const env = { CONTEXTBASE_URL: url, CONTEXTBASE_DEBUG: "1" };
        expect((await run(["list", "Document"], { cwd, env })).stderr).toContain("    at ");
      }
    });

    it("there are no tables", async () => {
      expect(await told(newPlace().app.CONTEXTBASE_URL ?? "")).toMatch(
        /contextbase update .*\[not_a_store\]/,
      );
    });

    it("a password is wrong, or there is none", async () => {
      const [wrong, none] = [
        changed((url) => (url.password = "seCret")),
        changed((url) => (url.password = "")),
      ];
      expect(await told(wrong)).toMatch(/refuses this user or its password .*\[storage_unavailable\]/);
      expect(await told(none)).toMatch(/PGPASSWORD or in ~\/\.pgpass .*\[storage_unavailable\]/);
    });

    it("there is no such database", async () => {
      const url = changed((url) => (url.pathname = "/no_such_database"));
      expect(await told(url)).toMatch(/names a database that does not exist.*\[storage_unavailable\]/);
    });

    it("there is no server, or one that does not speak", async () => {
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void silent.close());
      const address = silent.address();
      const port = typeof address === "object" ? address?.port : 0;
      const urls = [`postgres://u:seCret@127.0.0.1:1/x`, `postgres://u:seCret@127.0.0.1:${port}/x`];
      for (const url of urls) expect(await told(url)).toMatch(/cannot be reached.*\[storage_unreachable\]/);
    });

    it.each([
      ["postgre://u:seCret@127.0.0.1/x", '"postgre://127.0.0.1/x" names no store'],
      ["postgres:u:seCret@127.0.0.1/x", '"postgres:127.0.0.1/x" names no store'],
      ["postgre://u:a/seCret@b@127.0.0.1/x?password=seCret", '"postgre://127.0.0.1/x" names no store'],
      ["postgres://u:1/seCret@127.0.0.1/x", "percent-encode what is special"],
      ["postgres://u:seCret@127.0.0.1:99999/x", "percent-encode what is special"],
    ])("%s is mistyped", async (url, message) => {
      expect(await told(url)).toContain(message);
    });
  });
});
