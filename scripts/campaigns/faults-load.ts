/** The writers and readers of `faults.ts`: each knows what it sent, and tells the ledger what it was answered. */
import { stopwatch } from "../../src/base/clock.ts";
import type { Contextbase, ContextbaseView } from "../../src/index.ts";
import type { Ledger } from "./faults-ledger.ts";
import { type Calls, createSending, pause } from "./faults-sending.ts";
import { Thing } from "./journal.ts";
import { createRandom, type Random } from "./random.ts";

export type Lane = {
  readonly name: string;
  /** When it was last answered well. */
  wroteAt: number;
  readAt: number;
  readonly done: Promise<void>;
};

export type Load = {
  readonly lanes: readonly Lane[];
  readonly calls: Calls;
  readonly errors: ReadonlyMap<string, number>;
  readonly violations: string[];
  readonly stop: () => Promise<void>;
};

export type LoadOptions = {
  readonly name: string;
  readonly base: Contextbase;
  readonly tenant: string;
  readonly writers: number;
  readonly readers: number;
  readonly seed: number;
  readonly ledger: Ledger;
};

export const counters = ["counter-0", "counter-1", "counter-2"];

export const startLoad = (options: LoadOptions): Load => {
  const { name, base, tenant } = options;
  const view: ContextbaseView = base.as({ id: name, tenant });
  const store = view.store(Thing);
  const violations: string[] = [];
  const { call, calls, errors, sendOnce, sendUntilDone } = createSending(options, view, violations);
  let running = true;
  let serial = 0;

  const startWriter = (lane: Lane, random: Random): Promise<void> => {
    const own: { readonly id: string; readonly token: string }[] = [];

    const writeOnce = async (): Promise<boolean> => {
      const token = `${lane.name}-${++serial}`;
      const named = random.below(2) === 0;
      const write = named ? token : undefined;
      const send = named ? sendUntilDone : sendOnce;
      const given = { write };
      const fill = "x".repeat(random.below(1_500));
      const chance = random.below(100);
      if (chance < 45) {
        const intent = { tenant, token, changes: 1, write };
        const done = await send(intent, random, () =>
          store.storeContext({ id: token, type: "new", content: { token, fill } }, given),
        );
        if (done) own.push({ id: token, token });
        return done;
      }
      if (chance < 75) {
        const intent = { tenant, token, changes: 1, write };
        const add = (draft: { content: Record<string, unknown> }): void => {
          draft.content = { token, count: Number(draft.content.count) + 1 };
        };
        const id = random.pick(counters);
        return send(intent, random, () => store.updateContext(id, add as never, given));
      }
      if (chance < 90) {
        const count = 2 + random.below(12);
        const batch = Array.from({ length: count }, (_, n) => ({
          id: `${token}-${n}`,
          type: "batch",
          content: { token, fill },
        }));
        return send({ tenant, token, changes: count, write }, random, () =>
          store.storeContexts(batch, given),
        );
      }
      const gone = own.shift();
      if (!gone) return false;
      return sendUntilDone({ tenant, token, changes: 1, write: token }, random, async () => {
        const deleted = await store.deleteContext(gone.id, { write: token });
        if (!deleted) violations.push(`${lane.name}: ${gone.id} was acknowledged and is absent`);
      });
    };

    /** What it wrote itself must be there. */
    const readOwn = async (): Promise<void> => {
      if (own.length === 0) return;
      const { id, token } = random.pick(own);
      const found = await call("a read", () => store.retrieveContext(id));
      lane.readAt = stopwatch();
      if (found?.content.token !== token)
        violations.push(`${lane.name}: reads ${id} as ${found?.content.token}`);
    };

    return (async () => {
      while (running) {
        try {
          if (await writeOnce()) lane.wroteAt = stopwatch();
          else await pause(20);
          if (random.below(4) === 0) await readOwn();
        } catch {
          await pause(20);
        }
      }
    })();
  };

  const startReader = (lane: Lane, random: Random): Promise<void> =>
    (async () => {
      const seen = new Map<string, number>();
      while (running) {
        try {
          const id = random.pick(counters);
          const found = await call("a read", () => store.retrieveContext(id));
          lane.readAt = stopwatch();
          const version = found?.version ?? 0;
          if (version < (seen.get(id) ?? 0))
            violations.push(`${lane.name}: ${id} went back to version ${version}`);
          seen.set(id, version);
          if (random.below(5) === 0) await call("a list", () => store.listContexts({ limit: 20 }));
          await pause(10);
        } catch {
          await pause(20);
        }
      }
    })();

  const start = (kind: string, index: number, run: (lane: Lane, random: Random) => Promise<void>): Lane => {
    const lane = { name: `${name}-${kind}${index}`, wroteAt: 0, readAt: 0, done: Promise.resolve() };
    return Object.assign(lane, { done: run(lane, createRandom(options.seed * 100 + index)) });
  };

  const lanes = [
    ...Array.from({ length: options.writers }, (_, n) => start("writer", n, startWriter)),
    ...Array.from({ length: options.readers }, (_, n) => start("reader", 50 + n, startReader)),
  ];
  return {
    lanes,
    calls,
    errors,
    violations,
    stop: async () => {
      running = false;
      await Promise.all(lanes.map(({ done }) => done));
    },
  };
};
