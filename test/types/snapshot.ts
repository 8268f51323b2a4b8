/** What must not compile of what is only read, and what must. `tsc` is the test. */
import { type ContextSnapshot, type ContextStore, defineComponent, openContextbase } from "contextbase";

const Note = defineComponent({ name: "Note" });

export const types = async (): Promise<void> => {
  const base = await openContextbase({ url: ":memory:", components: [Note] });
  const then = base.as({ id: "a" }).at("2026-01-31T12:00:00Z");
  const notes: ContextSnapshot<typeof Note> = then.store(Note);
  await notes.listContexts({ where: { "content.text": "x" }, limit: 1 });
  await then.assemble({ query: "x", sources: [{ component: Note }], budget: { tokens: 10 } });
  // @ts-expect-error what stood cannot be written
  await notes.storeContext({ type: "note", content: {} });
  // @ts-expect-error nor watched
  notes.watch();
  // @ts-expect-error it has its time
  await notes.listContexts({ asOf: new Date() });
  // @ts-expect-error and of what stood there is no other version
  await notes.getContext("a", { version: 1 });
  // @ts-expect-error it is no store
  const store: ContextStore<typeof Note> = notes;
  await store.storeContext({ type: "note", content: {} });
};
