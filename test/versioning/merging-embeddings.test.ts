import { openContextbase } from "contextbase";
import { expect, it, onTestFinished } from "vitest";
import { dimensions, vectorOf, watched } from "../../src/testing/watched-embeddings.ts";

const merge = { onConflict: "merge" } as const;

const open = async () => {
  const { Note, texts } = watched();
  const base = await openContextbase({ url: ":memory:", components: [Note] });
  onTestFinished(() => base.close());
  return { notes: base.store(Note), texts };
};

const note = (content: { text: string; more?: string }, metadata = {}) => ({
  id: "a",
  type: "note",
  content,
  metadata,
});

it("[V9] the vector of a text stays where the text does, and is made anew where it came out as nobody had it", async () => {
  const { notes, texts } = await open();
  await notes.storeContext(note({ text: "one" }));
  await notes.storeContext(note({ text: "two" }));
  const kept = await notes.storeContext({ ...note({ text: "one" }, { by: "me" }), version: 2 }, merge);
  expect(kept).toMatchObject({
    content: { text: "two" },
    metadata: { by: "me" },
    embeddings: await vectorOf("two"),
  });
  expect(texts()).toEqual(["one", "two"]);
  const read = await notes.getContext("a");
  await notes.storeContext(note({ text: "two" }, { by: "them" }));
  const carried = { ...read, content: { text: "three" }, version: 4 };
  const made = await notes.storeContext(carried, merge);
  expect(made).toMatchObject({ version: 5, metadata: { by: "them" }, embeddings: await vectorOf("three") });
  expect(texts()).toEqual(["one", "two", "three"]);
});

it("[V9] a vector of your own stays where the text came out as yours, and is a conflict beside one of theirs", async () => {
  const { notes } = await open();
  const own = Float32Array.from({ length: dimensions }, (_, at) => at + 1);
  const other = own.map((number) => -number);
  await notes.storeContext(note({ text: "one" }));
  await notes.storeContext(note({ text: "one" }, { by: "them" }));
  const mine = await notes.storeContext({ ...note({ text: "mine" }), embeddings: own, version: 2 }, merge);
  expect(mine).toMatchObject({
    version: 3,
    content: { text: "mine" },
    metadata: { by: "them" },
    embeddings: own,
  });
  const late = { ...note({ text: "mine" }, { by: "them" }), embeddings: other, version: 3 };
  await expect(
    notes.storeContext({ ...note({ text: "mine" }), embeddings: other, version: 3 }, merge),
  ).rejects.toThrow(/both sides changed .*embeddings/);
  await expect(notes.storeContext(late, merge)).rejects.toMatchObject({ code: "merge_conflict" });
});

it("[V9] when a context expires is merged like a field", async () => {
  const { notes } = await open();
  const [soon, later] = [new Date(4e12), new Date(5e12)];
  await notes.storeContext(note({ text: "one" }));
  await notes.storeContext({ ...note({ text: "one" }), expiresAt: soon });
  const merged = await notes.storeContext({ ...note({ text: "two" }), version: 2 }, merge);
  expect(merged).toMatchObject({ content: { text: "two" }, expiresAt: soon });
  await expect(
    notes.storeContext({ ...note({ text: "two" }), expiresAt: later, version: 2 }, merge),
  ).rejects.toMatchObject({
    conflicts: [
      { path: "expiresAt", base: undefined, yours: later.toISOString(), theirs: soon.toISOString() },
    ],
  });
});
