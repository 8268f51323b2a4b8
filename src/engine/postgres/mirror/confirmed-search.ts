import { limits } from "../../../base/limits.ts";
import type { PlanStep } from "../../../model/searching.ts";
import type { Candidate, StoredContext } from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import { toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { askLog, readLog, takeIn } from "./log.ts";
import type { Mirror } from "./mirror.ts";
import type { MirrorStatements } from "./mirror-statements.ts";
import { findNearest, type Near, type Nearest, type VectorQuery } from "./nearest.ts";

export type Answer = { readonly candidates: readonly Candidate[]; readonly plan: readonly PlanStep[] };

/** The answer; or why a mirror has none: too much changed since, or it is to be made anew. */
export type Outcome = Answer | "behind" | "lost";

/**
 * Finds the nearest in memory, and asks the server in one trip for their contexts and, after that, for what the log has
 * since the stamp of the mirror. Where it has nothing, what was found stood at that moment, which is after the search
 * began. Where it has changes, they are taken in and the nearest found again: those whose contexts are at hand in the
 * version that is current by then are an answer, others are asked for once more.
 */
export const createConfirmedSearch = (
  statements: MirrorStatements,
  { read }: Run,
): ((mirror: Mirror, query: VectorQuery) => Promise<Outcome>) => {
  const most = limits.mirrorChanges;

  return async (mirror, query) => {
    const { tenant, component, brings = false } = query;
    /** Those that this search came upon: what others come upon meanwhile does not take them away. */
    const contexts = new Map<string, StoredContext>();
    const contextOf = ({ id, version }: Near): StoredContext | undefined => {
      const known = contexts.get(id);
      const context = known?.version === version ? known : mirror.contextOf(id, version);
      if (context) contexts.set(id, context);
      return context;
    };
    const isAtHand = (near: Near): boolean => !brings || contextOf(near) !== undefined;
    const answer = ({ found, plan }: Nearest): Answer => ({
      candidates: found.map((near) => {
        const { id, version, score, embedding } = near;
        const context = brings ? contextOf(near) : undefined;
        // What is brought is given away, and the mirror keeps its own.
        return {
          ...{ id, version, score },
          ...(context && { context: { ...context, embeddings: embedding && new Uint8Array(embedding) } }),
        };
      }),
      plan,
    });

    for (let attempt = 0; attempt < limits.mirrorAttempts; attempt++) {
      const stamp = mirror.stamp();
      const nearest = findNearest(mirror, query);
      const wanted = nearest.found.filter((near) => !isAtHand(near)).map(({ id }) => id);
      const asks = wanted.length > 0 ? [contextsOf(statements, mirror, wanted)] : [];
      const results = await read(tenant, [...asks, askLog(statements, mirror, most)]);
      const [log = [], rows = []] = results.slice(0, asks.length + 1).reverse();
      for (const context of rows.map((row) => toStored(component, row))) contexts.set(context.id, context);
      const told = readLog(component, stamp, log, most);
      if (told.kind === "lost") return "lost";
      if (told.kind === "same") {
        if (rows.length > 0) mirror.keep(contexts.values());
        return nearest.found.every(isAtHand) ? answer(nearest) : "lost";
      }
      if (told.more) return "behind";
      takeIn(mirror, told);
      for (const context of told.standing) contexts.set(context.id, context);
      const again = findNearest(mirror, query);
      if (again.found.every(isAtHand)) return answer(again);
    }
    return "behind";
  };
};

const contextsOf = ({ contexts }: MirrorStatements, { key }: Mirror, ids: readonly string[]) => ({
  statement: contexts,
  values: [key.tenant, key.component, textArray(ids)],
});
