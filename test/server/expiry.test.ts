import { expect, it } from "vitest";
import { contextOf, contextsOf, json, note, notes, open, problemOf } from "./fixture.ts";

it("[V12] expiresAt goes over the wire as ISO 8601, and ends what is read there", async () => {
  const { app } = await open();
  const expiresAt = "2100-01-01T00:00:00.000Z";
  const stored = await contextOf(await app.request(`${notes}/a`, json("PUT", { ...note("1"), expiresAt })));
  expect(stored.expiresAt).toBe(expiresAt);
  expect((await contextOf(await app.request(`${notes}/a`))).expiresAt).toBe(expiresAt);
  const past = { ...note("1"), expiresAt: "2001-01-01T01:00:00+01:00" };
  const gone = await contextOf(await app.request(`${notes}/b`, json("PUT", past)));
  expect(gone.expiresAt).toBe("2001-01-01T00:00:00.000Z");
  expect((await app.request(`${notes}/b`)).status).toBe(404);
  expect((await contextsOf(await app.request(notes))).contexts.map(({ id }) => id)).toEqual(["a"]);
  const wrong = await app.request(`${notes}/c`, json("PUT", { ...note("1"), expiresAt: 1_800_000_000 }));
  expect(await problemOf(wrong)).toMatchObject({ status: 422, code: "invalid_context" });
});
