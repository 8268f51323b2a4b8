import { limits } from "../../base/limits.ts";
import type { Change, Engine } from "../../engine/engine.ts";

export type ChangePage = {
  readonly changes: readonly Change[];
  /** The log's last position, where the first change is not the one after the position that was asked for. */
  readonly last: number | undefined;
};

/** Pages of change logs. Watches that stand at one position and are woken at one moment share one read. */
export type ChangePages = {
  readonly after: (tenant: string, position: number) => Promise<ChangePage>;
  /** There may be more than the reads under way will find: from now on nobody joins them. */
  readonly renew: () => void;
};

export const createChangePages = (engine: Engine): ChangePages => {
  const underWay = new Map<string, Promise<ChangePage>>();

  const read = async (tenant: string, position: number): Promise<ChangePage> => {
    const changes = await engine.changes(tenant, position, limits.watchedChanges);
    const follows = changes[0]?.position === position + 1;
    return { changes, last: follows ? undefined : await engine.lastPosition(tenant) };
  };

  return {
    after: (tenant, position) => {
      const name = `${position} ${tenant}`;
      const joined = underWay.get(name);
      if (joined) return joined;
      const page = read(tenant, position).finally(() => {
        if (underWay.get(name) === page) underWay.delete(name);
      });
      underWay.set(name, page);
      return page;
    },
    renew: () => underWay.clear(),
  };
};
