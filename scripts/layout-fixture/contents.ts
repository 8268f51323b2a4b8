import { createHash } from "node:crypto";
import { z } from "zod";

/** The library of a checkout; of its older ones only what they have had from the first layout on is used. */
export type Library = typeof import("../../src/index.ts");

type View = import("../../src/index.ts").ContextbaseView;

export const fixtureKey = Buffer.alloc(32, 5);

/** Names that a pattern, a path or a quotation could take for something else. */
const tenants = ["default", "a%_b", "ünï''\\/__proto__"];

/** @param indexes left out for libraries that do not know of them yet */
export const fixtureComponents = ({ defineComponent }: Library, indexes?: readonly string[]) => ({
  Note: defineComponent({ name: "Note" }),
  Customer: defineComponent({
    name: "Customer",
    types: { profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") }) },
    metadata: z.object({ source: z.string() }).partial(),
    embeddings: { dimensions: 3 },
    ...(indexes && { indexes }),
  }),
});

export type FixtureComponents = ReturnType<typeof fixtureComponents>;

/** More than have one snapshot, and more than are packed at once. */
const longHistory = 70;

/** Larger than what is deflated. */
const largeText = "large ".repeat(6_000);

/** Batches, long histories with bodies small and large, deletions, ids that come back, and embeddings. */
export const fillFixture = async (
  as: (tenant: string) => View,
  { Note, Customer }: FixtureComponents,
): Promise<void> => {
  for (const tenant of tenants) {
    const notes = as(tenant).store(Note);
    const customers = as(tenant).store(Customer);
    const note = (id: string, text: string) => ({ id, type: "note", content: { text } });
    const batch = ["a", "b", "%_'", "gone"].map((id) => note(id, `${id} of ${tenant}, "first" – \u2028`));
    await notes.storeContexts(batch, { write: "batch" });
    const versions = tenant === "default" ? longHistory : 3;
    for (let n = 2; n <= versions; n++) {
      await notes.storeContext(note("a", `version ${n} ${"of a long history ".repeat(n % 7)}`));
    }
    if (tenant === "default") {
      for (const end of ["one", "two"]) await notes.storeContext(note("b", largeText + end));
    }
    await notes.deleteContext("gone", { write: "deleted" });
    await notes.deleteContext("%_'");
    await notes.storeContext(note("%_'", "back again"), { write: "back" });
    const profiles = ["ada", "bob", "eve"].map((name, n) => ({
      id: name,
      type: "profile" as const,
      content: { name, plan: n === 1 ? ("pro" as const) : ("free" as const) },
      embeddings: [1, n / 7, -n],
      metadata: n === 0 ? {} : { source: "mail" },
    }));
    await customers.storeContexts(profiles);
    await customers.storeContext({ id: "ada", type: "profile", content: { name: "Ada", plan: "pro" } });
  }
};

/** Everything that can be asked of it, as JSON: lists, histories, each version, each as of its time, and writes. */
export const readFixture = async (
  as: (tenant: string) => View,
  { encodeContext }: Library,
  { Note, Customer }: FixtureComponents,
): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for (const tenant of tenants) {
    const view = as(tenant);
    for (const component of [Note, Customer]) {
      const store = view.store<typeof Note | typeof Customer>(component);
      const { contexts } = await store.listContexts({ limit: 1_000 });
      all.push({ tenant, component: component.name, contexts: contexts.map((one) => encodeContext(one)) });
      for (const id of ["a", "b", "%_'", "gone", "ada", "bob", "eve"]) {
        const { versions } = await store.history(id, { limit: 1_000 });
        for (const { version, at } of versions) {
          const then = await store.retrieveContext(id, { asOf: at });
          const there = await store.retrieveContext(id, { version });
          all.push({ id, version, asOf: then?.version, there: there && encodeContext(there) });
        }
        all.push({ id, versions });
      }
    }
    for (const write of ["batch", "deleted", "back"]) all.push({ write: await view.findWrite(write) });
  }
  return JSON.parse(JSON.stringify(all, shorten));
};

const shownCharacters = 200;

/** A text that is long is told by its length and hash. */
const shorten = (_: string, value: unknown): unknown =>
  typeof value === "string" && value.length > shownCharacters
    ? `${value.length} characters, SHA-256 ${createHash("sha256").update(value).digest("hex")}`
    : value;
