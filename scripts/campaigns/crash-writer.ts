/**
 * One of the writers that `crash.ts` kills: node crash-writer.ts FILE NAME SEED. It writes to the store without
 * pause in several lanes, and tells file descriptor 3 what it is about to do and what it was answered.
 */
import { writeSync } from "node:fs";
import { ContextbaseError, openContextbase } from "../../src/index.ts";
import { contentOf, type Intent, key, type Line, Thing } from "./journal.ts";
import { createRandom } from "./random.ts";

const [path = "", name = "", seed = "0"] = process.argv.slice(2);
const random = createRandom(Number(seed));
const base = await openContextbase({ url: `file:${path}`, key, components: [Thing] });
const things = base.as({ id: name, tenant: "campaign" }).store(Thing);

const say = (line: Line): void => {
  writeSync(3, `${JSON.stringify(line)}\n`);
};

/** Ids that both processes write, and ids of this one. */
const someId = (): string => (random.below(2) ? `shared-${random.below(8)}` : `${name}-${random.below(40)}`);

const someIds = (count: number): string[] => {
  const prefix = random.pick(["batch", `${name}-batch`]);
  const first = random.below(400);
  return Array.from({ length: count }, (_, n) => `${prefix}-${first + n}`);
};

const smallBytes = (): number => random.pick([0, 10, 300, 4_000, 40_000]);

const contextOf = (write: string, bytes: number) => (id: string, index: number) => ({
  id,
  type: index % 2 ? "odd" : "even",
  content: contentOf(write, index, bytes),
});

const perform = async ({ write, operation, ids, bytes }: Intent, how: string): Promise<number[]> => {
  const [id = ""] = ids;
  const make = contextOf(write, bytes);
  if (operation === "delete") {
    const version = (await things.history(id, { limit: 1 })).versions[0]?.version;
    // Naming the version tells which one the deletion became.
    const deleted =
      version !== undefined && (await things.deleteContext(id, { write, version: version + 1 }));
    return deleted ? [version + 1] : [];
  }
  if (how === "update") {
    return [(await things.updateContext(id, () => make(id, 0), { write, attempts: 100 })).version];
  }
  if (ids.length > 1) {
    return (await things.storeContexts(ids.map(make), { write })).map(({ version }) => version);
  }
  return [(await things.storeContext(make(id, 0), { write })).version];
};

const choose = (): { how: string; operation: "store" | "delete"; ids: string[]; bytes: number } => {
  const chance = random.below(100);
  if (chance < 45) return { how: "put", operation: "store", ids: [someId()], bytes: smallBytes() };
  if (chance < 65) return { how: "update", operation: "store", ids: [someId()], bytes: smallBytes() };
  if (chance < 75) return { how: "delete", operation: "delete", ids: [someId()], bytes: 0 };
  if (chance < 95) {
    return { how: "batch", operation: "store", ids: someIds(2 + random.below(20)), bytes: random.below(500) };
  }
  // Too many, or too large, for the event loop: these go through the writer thread.
  return random.below(2)
    ? { how: "batch", operation: "store", ids: someIds(129 + random.below(200)), bytes: random.below(300) }
    : { how: "put", operation: "store", ids: [someId()], bytes: 1_200_000 };
};

const lane = async (number: number): Promise<void> => {
  for (let n = 0; ; n++) {
    const { how, ...rest } = choose();
    const intent: Intent = { kind: "intent", write: `${name}.${seed}.${number}.${n}`, ...rest };
    say(intent);
    try {
      const versions = await perform(intent, how);
      say({ kind: "acknowledged", write: intent.write, versions });
      const [id = ""] = intent.ids;
      const [version = 0] = versions;
      const seen = (await things.history(id, { limit: 1 })).versions[0]?.version ?? 0;
      if (seen < version)
        say({ kind: "violation", what: `${id} reads ${seen} after ${version} was written` });
    } catch (cause) {
      const code = cause instanceof ContextbaseError ? cause.code : undefined;
      if (code === undefined) say({ kind: "violation", what: `${intent.write} threw ${String(cause)}` });
      say({ kind: "refused", write: intent.write, code: code ?? "unnamed" });
    }
  }
};

await Promise.all([0, 1, 2, 3].map(lane));
