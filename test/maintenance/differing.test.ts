import { copyFileSync } from "node:fs";
import Database from "better-sqlite3-multiple-ciphers";
import { openContextbase } from "contextbase";
import { expect, it } from "vitest";
import { Anything, Ticket } from "../contract/components.ts";
import { errorOf, fingerprint } from "../faults/files.ts";
import { components, engineOf, fill, move, newPlace, type Place } from "./fixture.ts";

const change = (place: Place, statements: string): void => {
  const database = new Database(place.path);
  database.exec(statements);
  database.close();
};

/** A store and what it was moved to, both closed. */
const moved = async (): Promise<readonly [Place, Place]> => {
  const [source, target] = [newPlace(), newPlace()];
  await fill(source, 6);
  const [from, to] = [await engineOf(source), await engineOf(target)];
  await move(from, to);
  await Promise.all([from.close(), to.close()]);
  return [source, target];
};

/** What is changed, and the first change that it shows in. */
const tampers: readonly (readonly [statements: string, tenant: string, position: number])[] = [
  [
    "UPDATE contexts SET content = replace(content, 'text', 'tent') WHERE tenant = 'a' AND id = '0 many 30'",
    "a",
    31,
  ],
  ["UPDATE changes SET at = at + 1 WHERE tenant = 'default' AND position = 200", "default", 200],
  ["UPDATE changes SET actor = 'b' WHERE tenant = 'a%_b' AND position = 1", "a%_b", 1],
  [
    "UPDATE versions SET schema_version = 2 WHERE tenant = 'a' AND id = 'long' AND version = 1; " +
      "UPDATE contexts SET embeddings = NULL WHERE tenant = 'a' AND embeddings IS NOT NULL AND place > 151",
    "a",
    151,
  ],
];

it("[P3] whatever was changed in the target is named by tenant and position", async () => {
  const [source, target] = await moved();
  const from = await engineOf(source);
  for (const [statements, tenant, position] of tampers) {
    const tampered = newPlace();
    copyFileSync(target.path, tampered.path);
    change(tampered, statements);
    const to = await engineOf(tampered);
    for (const verifyOnly of [true, false]) {
      const error = await errorOf(() => move(from, to, { verifyOnly }));
      expect(error).toMatchObject({ code: "stores_differ", details: { tenant, position } });
    }
  }
});

it("[P3] what is missing is named, and brought by another move", async () => {
  const [source, target] = await moved();
  const [from, to] = [await engineOf(source), await engineOf(target)];
  const whole = await move(from, to, { verifyOnly: true });
  const last = whole.find(({ tenant }) => tenant === "default")?.changes ?? 0;
  const base = await openContextbase({ engine: from, components });
  await base.store(Anything).storeContext({ type: "new", content: {} });
  const error = await errorOf(() => move(from, to, { verifyOnly: true }));
  expect(error).toMatchObject({
    code: "stores_differ",
    details: { tenant: "default", position: last + 1 },
    message: expect.stringContaining("missing"),
  });
  expect((await move(from, to)).map(({ moved: brought }) => brought).toSorted()).toEqual([0, 0, 0, 1]);
});

it("[P3] a target that holds another store's tenant is refused, and left as it is", async () => {
  const [source, other] = [newPlace(), newPlace()];
  await fill(source, 7);
  await fill(other, 8);
  const free = await openContextbase({ url: source.url, components });
  await free.as({ id: "w", tenant: "0 free" }).store(Anything).storeContext({ type: "t", content: {} });
  await free.close();
  await (await openContextbase({ url: source.url, components: [Anything, Ticket] })).close();
  const before = fingerprint(other.path);
  const [from, to] = [await engineOf(source), await engineOf(other)];
  const last = await to.lastPosition("a");
  for (const [one, another] of [
    [from, to],
    [to, from],
  ] as const) {
    const error = await errorOf(() => move(one, another));
    expect(error).toMatchObject({ code: "stores_differ", details: { tenant: "a" } });
  }
  expect(await to.lastPosition("a")).toBe(last);
  expect(await to.lastPosition("0 free")).toBe(0);
  await to.close();
  expect(fingerprint(other.path)).toEqual(before);
});
