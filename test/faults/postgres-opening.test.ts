import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "../../scripts/postgres/roles.ts";
import { type PostgresOptions, postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { errorOf } from "./files.ts";
import { appRole, asAdmin, asOwner, describeWithServer } from "./postgres-server.ts";

/** Opens, and tells what is said of it; no call is tried again for a store that is not there. */
const openingWith = async (options: PostgresOptions): Promise<unknown> =>
  errorOf(async () => {
    const timeouts = { connectMilliseconds: 2_000 };
    const base = await openContextbase({
      engine: postgres({ ...options, timeouts }),
      components: [Anything],
    });
    onTestFinished(() => base.close());
  });

const changed = (url: string, change: (url: URL) => void): string => {
  const made = new URL(url);
  change(made);
  return made.href;
};

describe("a PostgreSQL server that is not there", () => {
  it("[G4] is told by one named error", async () => {
    const urls = [
      ["postgres://user:secret-word@no-such-host.invalid:5432/database", "storage_unreachable"],
      ["postgres://user:secret-word@127.0.0.1:1/database", "storage_unreachable"],
      ["postgres://user:secret-word@:/", "invalid_argument"],
    ] as const;
    for (const [url, code] of urls) {
      const error = await openingWith({ url }).catch((cause) => cause);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain("secret-word");
      expect(JSON.stringify(error)).not.toContain("secret-word");
    }
  });
});

describeWithServer("opening a store on a PostgreSQL server", (given) => {
  const appUrl = (): string => given.server().appUrl;
  const wrong: readonly {
    readonly what: string;
    readonly options: () => PostgresOptions;
    readonly code: string;
  }[] = [
    {
      what: "a wrong password",
      options: () => ({
        url: changed(appUrl(), (url) => {
          url.password = "secret-word";
        }),
      }),
      code: "storage_unavailable",
    },
    {
      what: "an unknown user",
      options: () => ({
        url: changed(appUrl(), (url) => {
          url.username = "nobody";
        }),
      }),
      code: "storage_unavailable",
    },
    {
      what: "an unknown database",
      options: () => ({
        url: changed(given.server().adminUrl, (url) => {
          url.pathname = "/nothing";
        }),
      }),
      code: "storage_unavailable",
    },
    {
      what: "TLS that the server does not have",
      options: () => ({ url: appUrl(), tls: true }),
      code: "storage_unavailable",
    },
    {
      what: "a schema without tables",
      options: () => ({ url: appUrl(), schema: "nothing" }),
      code: "not_a_store",
    },
  ];

  for (const { what, options, code } of wrong) {
    it(`[G4] with ${what} is ${code}`, async () => {
      const error = await openingWith(options());
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain("secret-word");
    });
  }

  it("[G4] by a role without rights is storage_read_only, and goes well once it has them", async () => {
    const schema = "unfriendly";
    await updateLayout({ url: given.server().ownerUrl, schema });
    expect(await openingWith({ url: appUrl(), schema })).toMatchObject({ code: "storage_read_only" });
    await updateLayout({ url: given.server().ownerUrl, schema }, { role: appRole });
    expect(await openingWith({ url: appUrl(), schema })).toEqual({ returned: undefined });
  });

  it("[G4] of an older or a newer layout is refused by name, and changes nothing", async () => {
    const schema = "strange";
    await updateLayout({ url: given.server().ownerUrl, schema }, { role: appRole });
    const set = (version: number) =>
      asOwner(given, (owner) =>
        owner.query(
          `DELETE FROM ${schema}.layout; INSERT INTO ${schema}.layout (version, name) VALUES (${version}, 'strange')`,
        ),
      );
    const components = () =>
      asOwner(given, async (owner) => (await owner.query(`SELECT FROM ${schema}.components`)).rowCount);
    await set(0);
    expect(await openingWith({ url: appUrl(), schema })).toMatchObject({ code: "older_layout" });
    await set(1_000);
    expect(await openingWith({ url: appUrl(), schema })).toMatchObject({ code: "newer_layout" });
    expect(await components()).toBe(0);
  });

  it("[G5] on a database whose defaults are weaker: commits are durable, and isolated as they need to be", async () => {
    const database = "ALTER DATABASE contextbase SET";
    onTestFinished(async () => {
      await asAdmin(given, "ALTER DATABASE contextbase RESET ALL");
    });
    for (const weaker of [
      "default_transaction_isolation = 'serializable'",
      "synchronous_commit = off",
      "statement_timeout = '2s'",
      "default_transaction_deferrable = on",
    ])
      await asAdmin(given, `${database} ${weaker}`);
    const schema = "weak";
    await updateLayout({ url: given.server().ownerUrl, schema }, { role: appRole });
    await asOwner(given, async (owner) => {
      await owner.query(`
        CREATE TABLE ${schema}.seen (setting text, value text);
        GRANT INSERT ON ${schema}.seen TO ${appRole};
        CREATE FUNCTION ${schema}.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO ${schema}.seen SELECT name, current_setting(name) FROM
            unnest(ARRAY['synchronous_commit', 'transaction_isolation', 'statement_timeout']) AS name;
          RETURN NULL;
        END $$;
        CREATE TRIGGER see AFTER INSERT ON ${schema}.changes EXECUTE FUNCTION ${schema}.see()`);
    });
    const bases = await Promise.all(
      [1, 2].map(async () => {
        const engine = postgres({ url: appUrl(), schema });
        const base = await openContextbase({ engine, components: [Anything] });
        onTestFinished(() => base.close());
        return base.store(Anything);
      }),
    );
    await bases[0]?.storeContext({ id: "c", type: "t", content: { n: 0 } });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        bases[n % 2]?.updateContext(
          "c",
          (draft) => ({ ...draft, content: { n: Number(draft.content.n) + 1 } }),
          { attempts: 100 },
        ),
      ),
    );
    expect(await bases[1]?.retrieveContext("c")).toMatchObject({ version: 21, content: { n: 20 } });
    const seen = await asOwner(given, async (owner) => {
      return (await owner.query(`SELECT DISTINCT setting, value FROM ${schema}.seen ORDER BY 1, 2`)).rows;
    });
    expect(seen).toEqual([
      { setting: "statement_timeout", value: "0" },
      { setting: "synchronous_commit", value: "on" },
      { setting: "transaction_isolation", value: "read committed" },
    ]);
  });

  it("[G5] on a database that is read-only by default: writes are done all the same", async () => {
    const { adminUrl, ownerUrl } = given.server();
    const schema = "reading";
    await updateLayout({ url: ownerUrl, schema }, { role: appRole });
    // By way of another database: in this one, nothing could be set back any more.
    const alter = (change: string) =>
      connect(adminUrl, (admin) => admin.query(`ALTER DATABASE contextbase ${change}`));
    onTestFinished(async () => void (await alter("RESET ALL")));
    await alter("SET default_transaction_read_only = on");
    const base = await openContextbase({
      engine: postgres({ url: appUrl(), schema }),
      components: [Anything],
    });
    onTestFinished(() => base.close());
    const store = base.store(Anything);
    await store.storeContext({ id: "c", type: "t", content: { n: 1 } });
    await store.updateContext("c", (draft) => ({ ...draft, content: { n: 2 } }));
    expect(await store.retrieveContext("c")).toMatchObject({ version: 2, content: { n: 2 } });
    expect(await base.findWrite("nothing")).toBeUndefined();
    expect(await store.deleteContext("c")).toBe(true);
    expect((await store.history("c")).versions).toHaveLength(3);
  });
});
