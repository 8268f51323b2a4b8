import { join } from "node:path";
import Database from "better-sqlite3-multiple-ciphers";
import { defineComponent, openContextbase } from "contextbase";
import { expect, it } from "vitest";
import { Anything, Ticket } from "../contract/components.ts";
import { errorOf, fingerprint } from "../faults/files.ts";
import { killAt, startStore, straceProblem } from "../faults/processes.ts";
import { mountSmallDisk } from "../faults/small-disk.ts";
import { engineOf, key, newPlace, type Place } from "./fixture.ts";

const open = ({ path, key: withKey }: Place): Database.Database => {
  const database = new Database(path);
  if (withKey) {
    database.pragma("cipher = 'aegis'");
    database.key(Buffer.from(`raw:${Buffer.from(withKey).toString("hex")}`));
  }
  return database;
};

/** A store as the first layout had it, with a context in its second version, and one that is deleted. */
const makeFirstLayout = (place: Place): void => {
  const database = open(place);
  database.pragma("page_size = 8192");
  database.pragma("journal_mode = WAL");
  database.exec(`
    CREATE TABLE contexts (
      tenant TEXT NOT NULL, component TEXT NOT NULL, id TEXT NOT NULL,
      version INTEGER NOT NULL, deleted INTEGER NOT NULL, place INTEGER NOT NULL,
      type TEXT NOT NULL, schema_version INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, actor TEXT NOT NULL,
      content TEXT NOT NULL, metadata TEXT NOT NULL, embeddings BLOB,
      PRIMARY KEY (tenant, component, id)
    ) STRICT;
    CREATE INDEX contexts_by_place ON contexts (tenant, component, place) WHERE deleted = 0;
    CREATE INDEX contexts_by_type ON contexts (tenant, component, type, place) WHERE deleted = 0;
    CREATE TABLE versions (
      tenant TEXT NOT NULL, component TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
      deleted INTEGER NOT NULL, type TEXT NOT NULL, schema_version INTEGER NOT NULL,
      updated_at INTEGER NOT NULL, actor TEXT NOT NULL,
      dictionary INTEGER, encoding INTEGER NOT NULL, body BLOB,
      PRIMARY KEY (tenant, component, id, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE changes (
      tenant TEXT NOT NULL, position INTEGER NOT NULL, operation TEXT NOT NULL,
      component TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,
      at INTEGER NOT NULL, actor TEXT NOT NULL, write TEXT NOT NULL,
      PRIMARY KEY (tenant, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE writes (
      sequence INTEGER PRIMARY KEY, tenant TEXT NOT NULL, write TEXT NOT NULL,
      position INTEGER NOT NULL, count INTEGER NOT NULL,
      UNIQUE (tenant, write)
    ) STRICT;
    CREATE TABLE tenants (tenant TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    INSERT INTO contexts VALUES
      ('default', 'Anything', 'a', 2, 0, 1, 't', 1, 1000, 2000, 'me', '{"n":2}', '{}', NULL),
      ('default', 'Anything', 'b', 2, 1, 2, 't', 1, 1000, 3000, 'me', '{}', '{}', NULL);
    INSERT INTO versions VALUES
      ('default', 'Anything', 'a', 1, 0, 't', 1, 1000, 'me', NULL, 0, CAST(x'0700000002000000' || '{"n":1}{}' AS BLOB)),
      ('default', 'Anything', 'b', 1, 0, 't', 1, 1000, 'me', NULL, 0, CAST(x'0700000002000000' || '{"b":1}{}' AS BLOB));
    INSERT INTO changes VALUES
      ('default', 1, 'store', 'Anything', 'a', 't', 1, 1000, 'me', 'w1'),
      ('default', 2, 'store', 'Anything', 'b', 't', 1, 1000, 'me', 'w1'),
      ('default', 3, 'store', 'Anything', 'a', 't', 2, 2000, 'me', 'w2'),
      ('default', 4, 'delete', 'Anything', 'b', 't', 2, 3000, 'me', 'w3');
    INSERT INTO writes VALUES (1, 'default', 'w1', 2, 2), (2, 'default', 'w2', 3, 1), (3, 'default', 'w3', 4, 1);
    INSERT INTO tenants VALUES ('default', 4);
    PRAGMA application_id = 0x43425345;
    PRAGMA user_version = 1;
  `);
  database.close();
};

const schemaOf = (place: Place): unknown => {
  const database = open(place);
  try {
    const select = database.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE sql > '' ORDER BY name");
    const statements = select.pluck().all();
    const layout = database.pragma("user_version", { simple: true });
    return { statements: statements.map((statement) => statement.replaceAll(/\s+/g, " ")), layout };
  } finally {
    database.close();
  }
};

it.for([undefined, key])("[K6] a store of the first layout opens with everything in it", async (withKey) => {
  const [older, fresh] = [newPlace(withKey), newPlace(withKey)];
  makeFirstLayout(older);
  const base = await openContextbase({ url: older.url, key: withKey, components: [Anything] });
  const things = base.store(Anything);
  expect(await things.retrieveContext("a")).toMatchObject({ version: 2, content: { n: 2 } });
  expect(await things.retrieveContext("a", { version: 1 })).toMatchObject({ content: { n: 1 } });
  expect(await things.retrieveContext("b")).toBeUndefined();
  expect(await things.retrieveContext("b", { version: 1 })).toMatchObject({ content: { b: 1 } });
  expect((await base.findWrite("w1"))?.changes).toHaveLength(2);
  expect((await things.storeContext({ id: "b", type: "t", content: {} })).version).toBe(3);
  await base.close();
  await (await openContextbase({ url: fresh.url, key: withKey, components: [Anything] })).close();
  expect(schemaOf(older)).toEqual(schemaOf(fresh));
});

it("[K6] several that open an older store at once all do", async () => {
  const place = newPlace(key);
  makeFirstLayout(place);
  const opened = await Promise.all([engineOf(place), engineOf(place), engineOf(place)]);
  for (const engine of opened) expect(await engine.lastPosition("default")).toBe(4);
});

it.for([
  ["pwrite64", 1],
  ["pwrite64", 3],
  ["pwrite64", 5],
  ["fsync", 1],
  ["fsync", 2],
] as const)(
  "[K6] one that is killed as it is updated, at %s %i, opens again with all of it",
  async ([call, nth], { skip }) => {
    if (straceProblem) return skip(straceProblem);
    const place = newPlace(key);
    makeFirstLayout(place);
    const killed = await startStore(place.path, Buffer.from(key).toString("base64"), {
      command: killAt(call, nth),
    });
    expect(killed.refused?.code).toBe("process_gone");
    const base = await openContextbase({ url: place.url, key, components: [Anything] });
    expect(await base.store(Anything).retrieveContext("a", { version: 1 })).toMatchObject({
      content: { n: 1 },
    });
    expect((await base.store(Anything).storeContext({ id: "b", type: "t", content: {} })).version).toBe(3);
    await base.close();
  },
);

it("[K2, K6] a damaged one of an older layout is refused, and left as it was", async () => {
  const place = newPlace();
  makeFirstLayout(place);
  const database = open(place);
  database.exec("CREATE TABLE components (other)");
  database.close();
  const before = fingerprint(place.path);
  expect(await errorOf(() => engineOf(place))).toMatchObject({ code: "storage_corrupt" });
  expect(fingerprint(place.path)).toEqual(before);
});

it("[D4] a store knows its components, each in the newest schema version that it was opened with", async () => {
  const place = newPlace(key);
  const one = defineComponent({ name: "One", schemaVersion: 1 });
  const two = defineComponent({ name: "One", schemaVersion: 2 });
  const openWith = async (...components: Parameters<typeof openContextbase>[0]["components"]) => {
    await (await openContextbase({ url: place.url, key, components })).close();
    const engine = await engineOf(place);
    const noted = await engine.components();
    await engine.close();
    return noted.map(({ name, schemaVersion, description }) => {
      expect(JSON.parse(description)).toMatchObject({ name, schemaVersion });
      return `${name} ${schemaVersion}`;
    });
  };
  expect(await openWith(one, Anything)).toEqual(["Anything 1", "One 1"]);
  expect(await openWith(two)).toEqual(["Anything 1", "One 2"]);
  const before = fingerprint(place.path);
  expect(await openWith(one, Anything)).toEqual(["Anything 1", "One 2"]);
  expect(fingerprint(place.path)).toEqual(before);
});

it("[D4, K3] a full disk does not keep a store from opening with a component it does not know", async ({
  skip,
}) => {
  const disk = mountSmallDisk(8);
  if (typeof disk === "string") return skip(disk);
  const url = `file:${join(disk.folder, "store.db")}`;
  const base = await openContextbase({ url, key, components: [Anything] });
  await base.store(Anything).storeContext({ id: "a", type: "t", content: {} });
  disk.fill();
  const more = await openContextbase({ url, key, components: [Anything, Ticket] });
  expect(await more.store(Anything).retrieveContext("a")).toMatchObject({ version: 1 });
  const noted = async () => (await engine.components()).map(({ name }) => name);
  const engine = await engineOf({ path: "", url, key });
  expect(await noted()).toEqual(["Anything"]);
  disk.free();
  await more.close();
  await (await openContextbase({ url, key, components: [Anything, Ticket] })).close();
  expect(await noted()).toEqual(["Anything", "Ticket"]);
  await base.close();
});
