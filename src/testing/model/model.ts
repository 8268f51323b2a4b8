/**
 * A store that cannot be wrong in an interesting way: it keeps everything in plain lists and looks through all of
 * it. Tests run the same operations on it and on a real store, and compare. Nothing here comes from the store.
 */
export type ModelContext = {
  readonly id: string;
  readonly type: string;
  readonly content: unknown;
  readonly embeddings: readonly number[];
  readonly metadata: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
};

export type ModelWrite = {
  readonly component: string;
  readonly id: string;
  /** Undefined: a deletion. */
  readonly body: Pick<ModelContext, "type" | "content" | "embeddings" | "metadata"> | undefined;
  readonly version: number | undefined;
};

/** One change of the log; everything else is found by looking through them. */
export type ModelChange = ModelWrite & {
  readonly tenant: string;
  readonly position: number;
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly write: string;
  readonly operation: "store" | "delete";
  /** The type that a deletion keeps is that of what it deletes. */
  readonly type: string;
};

export type ModelOutcome =
  | { readonly status: "written" | "repeated"; readonly changes: readonly ModelChange[] }
  | {
      readonly status: "conflict";
      readonly id: string;
      readonly attempted: number;
      readonly current: number;
    }
  | { readonly status: "absent" | "reused" };

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export const createModel = () => {
  const log: ModelChange[] = [];

  const changes = (tenant: string): ModelChange[] => log.filter((change) => change.tenant === tenant);

  /** [S5] The tenant is part of every question. */
  const versions = (tenant: string, component: string, id: string): ModelChange[] =>
    changes(tenant).filter((change) => change.component === component && change.id === id);

  const toContext = (change: ModelChange | undefined): ModelContext | undefined => {
    if (!change?.body) return undefined;
    const { tenant, component, id, body, version, at } = change;
    const createdAt = versions(tenant, component, id)[0]?.at ?? at;
    return { id, ...body, createdAt, updatedAt: at, version };
  };

  const find = (tenant: string, write: string): ModelChange[] | undefined => {
    const found = changes(tenant).filter((change) => change.write === write);
    return found.length > 0 ? found : undefined;
  };

  /** [C2] The same write sent again under its id gets the first answer. */
  const repeat = (earlier: readonly ModelChange[], writes: readonly ModelWrite[]): ModelOutcome => {
    const again =
      earlier.length === writes.length &&
      writes.every((write, index) => {
        const first = earlier[index];
        if (!first || first.component !== write.component || first.id !== write.id) return false;
        return (
          same(first.body, write.body) && (write.version === undefined || write.version === first.version)
        );
      });
    return again ? { status: "repeated", changes: earlier } : { status: "reused" };
  };

  const commit = (
    { tenant, actor }: { readonly tenant: string; readonly actor: string },
    writes: readonly ModelWrite[],
    now: number,
    write: string,
  ): ModelOutcome => {
    const earlier = find(tenant, write);
    if (earlier) return repeat(earlier, writes);
    let at = now;
    for (const { component, id, version, body } of writes) {
      const newest = versions(tenant, component, id).at(-1);
      const current = newest?.version ?? 0;
      // [V3, V4] A version that is named must be the next one.
      if (version !== undefined && version !== current + 1) {
        return { status: "conflict", id, attempted: version, current };
      }
      if (!body && !newest?.body) return { status: "absent" };
      // [V1] Later than every version it supersedes, and [V7] one time for all.
      if (newest) at = Math.max(at, newest.at + 1);
    }
    const made = writes.map((one): ModelChange => {
      const newest = versions(tenant, one.component, one.id).at(-1);
      const position = changes(tenant).length + 1;
      const operation = one.body ? "store" : "delete";
      const type = one.body?.type ?? newest?.type ?? "";
      const version = (newest?.version ?? 0) + 1;
      const change = { ...one, tenant, position, version, at, actor, write, operation, type } as const;
      log.push(change);
      return change;
    });
    return { status: "written", changes: made };
  };

  const read = (tenant: string, component: string, id: string): ModelContext | undefined =>
    toContext(versions(tenant, component, id).at(-1));

  return {
    commit,
    changes,
    find,
    toContext,
    read,
    readVersion: (tenant: string, component: string, id: string, version: number) =>
      toContext(versions(tenant, component, id).find((change) => change.version === version)),
    /** [V7] At or after now it is the current version, whatever time that one has. */
    readAsOf: (tenant: string, component: string, id: string, at: number, now: number) =>
      at >= now
        ? read(tenant, component, id)
        : toContext(versions(tenant, component, id).findLast((change) => change.at <= at)),
    /** Newest first. */
    history: (tenant: string, component: string, id: string): ModelChange[] =>
      versions(tenant, component, id).toReversed(),
    /** [Q2] Newest first, by when an id was first written. */
    list: (tenant: string, component: string, type?: string): ModelContext[] =>
      changes(tenant)
        .filter((change) => change.component === component && change.version === 1)
        .toReversed()
        .flatMap(({ id }) => read(tenant, component, id) ?? [])
        .filter((context) => type === undefined || context.type === type),
  };
};

export type Model = ReturnType<typeof createModel>;
