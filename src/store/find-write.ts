import { checkName } from "../base/arguments.ts";
import type { Engine } from "../engine/engine.ts";
import type { Operation } from "../model/context-store.ts";

/** What a write id did: `changes[i]` is what became of the i-th context of that write. */
export type WriteRecord = {
  readonly write: string;
  readonly at: Date;
  readonly actor: string;
  readonly changes: readonly {
    readonly component: string;
    readonly id: string;
    readonly version: number;
    readonly operation: Operation;
  }[];
};

/** Finds out what a write of a tenant did; undefined where it did not happen. */
export const createFindWrite =
  (engine: Engine, tenant: string) =>
  async (write: string): Promise<WriteRecord | undefined> => {
    const changes = await engine.findWrite(tenant, checkName("write id", write));
    const [first] = changes ?? [];
    if (!changes || !first) return undefined;
    const did = changes.map(({ component, id, version, operation }) => ({
      component,
      id,
      version,
      operation,
    }));
    return { write, at: new Date(first.at), actor: first.actor, changes: did };
  };
