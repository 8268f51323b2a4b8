import type { Engine } from "../../engine/engine.ts";

/** Where watches begin that name no position: after what was there when they were asked for. */
export type Beginnings = {
  readonly ask: (tenant: string) => Promise<number>;
  /** The engine's own, but that it comes after what was asked for before it: what it makes is told then. */
  readonly commit: Engine["commit"];
};

export const createBeginnings = (engine: Engine): Beginnings => {
  /** What is not told yet. Tenants that may share a commit share it, too: else their commits overtook each other. */
  const asked = new Map<string, Promise<void>>();
  const nameOf = (tenant: string): string => (engine.commits === "one tenant" ? tenant : "");

  return {
    ask: (tenant) => {
      const name = nameOf(tenant);
      const position = engine.lastPosition(tenant);
      const told: Promise<void> = Promise.allSettled([asked.get(name), position]).then(() => {
        if (asked.get(name) === told) asked.delete(name);
      });
      asked.set(name, told);
      return position;
    },
    commit: async (groups, now) => {
      const [first] = groups;
      await (first && asked.get(nameOf(first.tenant)));
      return engine.commit(groups, now);
    },
  };
};
