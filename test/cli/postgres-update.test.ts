import { expect, it } from "vitest";
import { asOwner, newPlace, onServer, ownerUrl, run, section, updated } from "./postgres-place.ts";

onServer("update on PostgreSQL", () => {
  it("[L5] shows what it would do, and asks: without a terminal it changes nothing and exits 2", async () => {
    const { cwd, owner, role, schema } = newPlace();
    const asked = await run(["update", "--role", role], { cwd, env: owner });
    expect(asked).toMatchObject({ code: 2, stdout: "" });
    expect(asked.stderr).toContain(
      `schema ${schema}: store layout 0 → 4\n  1. tables\n  2. finding\n  3. version control\n  4. counted rewrites\n`,
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
