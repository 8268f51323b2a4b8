import { limits } from "../../base/limits.ts";
import type { ExpiredContext, WriteGroup } from "../../engine/engine.ts";
import type { SweepParts, SweepStep } from "./sweeper-steps.ts";

/** Who makes the deletions of what expired, as histories and changes name it. */
export const sweeperActor = "contextbase:retention";

/** Each by itself, so that one that was written meanwhile, and stands again, hinders no other. */
const toGroup = (tenant: string, { component, id, version }: ExpiredContext, write: string): WriteGroup => ({
  tenant,
  actor: sweeperActor,
  write,
  repeatable: false,
  writes: [{ operation: "delete", component, id, version: version + 1 }],
});

/** Makes deletions of a tenant's contexts that expired. */
export async function* sweepExpired(
  { engine, clock, newId, commit, forget, dryRun }: SweepParts,
  tenant: string,
  components: readonly string[],
): AsyncGenerator<SweepStep> {
  for (const component of dryRun ? components : []) {
    const query = { tenant, component, type: undefined, where: undefined };
    const [all, standing] = await Promise.all([
      engine.count(query),
      engine.count({ ...query, now: clock() }),
    ]);
    yield { component, expired: all - standing };
  }
  for (let goesOn = !dryRun; goesOn; ) {
    const now = clock();
    const found = await engine.expired({ tenant, components, now, limit: limits.sweptExpired });
    if (found.length === 0) {
      yield {};
      return;
    }
    const outcomes = await commit(
      found.map((one) => toGroup(tenant, one, newId())),
      now,
    );
    forget(found.map(({ component, id }) => ({ tenant, component, id })));
    const deleted = found.filter((_, index) => outcomes[index]?.status === "written");
    for (const component of new Set(deleted.map((one) => one.component))) {
      yield { component, expired: deleted.filter((one) => one.component === component).length };
    }
    goesOn = deleted.length > 0 && found.length === limits.sweptExpired;
  }
}
