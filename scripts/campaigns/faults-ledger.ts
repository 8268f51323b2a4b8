/** What the writers of `faults.ts` were told of each write, and what of it the database holds. */
import type { Client } from "pg";
import type { Change, Engine, Entry } from "../../src/engine/engine.ts";

export type Intent = {
  readonly tenant: string;
  /** Stands in the content of each context that the write stores, and in no other write. */
  readonly token: string;
  /** How many changes the write makes. */
  readonly changes: number;
  /** A deletion has no content: it is known by its write id. */
  readonly write: string | undefined;
};

/** `told`: acknowledged, denied for ever, or not told which. */
export type Told = "acknowledged" | "denied" | "unknown";

/** The change log as the store itself gives it. */
type Log = Pick<Engine, "entries">;

export type Ledger = {
  readonly begin: (intent: Intent) => void;
  readonly tell: (intent: Intent, told: Told) => void;
  /** Reads what was logged since the last time, and gives what is wrong with it. */
  readonly check: () => Promise<string[]>;
  /** The same over all of it, once nothing is under way: what was denied must be absent for ever. */
  readonly checkAll: (owner: Client) => Promise<string[]>;
  /** The log of a tenant, in order. */
  readonly logOf: (tenant: string) => readonly Change[];
  readonly totals: () => Readonly<Record<Told | "pending" | "changes", number>>;
};

const selectTotals = `
  SELECT t.tenant, t.position::int,
    (SELECT count(*) FROM contextbase.changes c WHERE c.tenant = t.tenant)::int AS changes,
    (SELECT count(*) FROM contextbase.contexts c WHERE c.tenant = t.tenant)::int AS contexts,
    (SELECT count(*) FROM contextbase.versions v WHERE v.tenant = t.tenant)::int AS versions,
    (SELECT coalesce(sum(count), 0) FROM contextbase.writes w WHERE w.tenant = t.tenant)::int AS writes
  FROM contextbase.tenants t`;

const entriesAtOnce = 1_000;

export const createLedger = (tenants: readonly string[], log: Log): Ledger => {
  const told = new Map<Intent, Told | "pending">();
  let fresh: Intent[] = [];
  const byTenant = new Map(tenants.map((tenant) => [tenant, [] as Change[]]));
  const byToken = new Map<string, number>();
  const versions = new Map<string, number>();
  const counts = new Map<string, number>();

  const logOf = (tenant: string): Change[] => byTenant.get(tenant) ?? [];

  const add = (tenant: string, { change, body }: Entry): string[] => {
    const wrong: string[] = [];
    const { position, component, id, version, operation } = change;
    const log = logOf(tenant);
    const due = (log.at(-1)?.position ?? 0) + 1;
    if (position !== due) wrong.push(`${tenant}: position ${position} stands where ${due} is due`);
    log.push(change);
    const context = `${tenant} ${component} ${id}`;
    const next = (versions.get(context) ?? 0) + 1;
    if (version !== next) wrong.push(`${context}: version ${version} where ${next} is due`);
    versions.set(context, next);
    if ((operation === "delete") !== (body === undefined)) wrong.push(`${context} ${version}: no content`);
    const { token = change.write, count } = JSON.parse(body?.content ?? "{}");
    byToken.set(token, (byToken.get(token) ?? 0) + 1);
    if (count !== undefined) {
      const counted = (counts.get(context) ?? -1) + 1;
      if (count !== counted) wrong.push(`${context}: counts ${count} where ${counted} is due`);
      counts.set(context, counted);
    }
    return wrong;
  };

  const compare = (intent: Intent, said: Told): string[] => {
    const found = byToken.get(intent.token) ?? 0;
    const fits = {
      acknowledged: found === intent.changes,
      denied: found === 0,
      unknown: found === 0 || found === intent.changes,
    };
    return fits[said] ? [] : [`${said} ${JSON.stringify(intent)}: ${found} changes are there`];
  };

  const read = async (): Promise<string[]> => {
    const wrong: string[] = [];
    for (const tenant of tenants) {
      for (let page: readonly Entry[] = []; ; ) {
        page = await log.entries(tenant, logOf(tenant).length, entriesAtOnce);
        for (const entry of page) wrong.push(...add(tenant, entry));
        if (page.length === 0) break;
      }
    }
    return wrong;
  };

  const compareAll = (intents: readonly Intent[]): string[] =>
    intents.flatMap((intent) => {
      const said = told.get(intent);
      return said === undefined || said === "pending" ? [] : compare(intent, said);
    });

  return {
    begin: (intent) => told.set(intent, "pending"),
    tell: (intent, said) => {
      told.set(intent, said);
      fresh.push(intent);
    },
    check: async () => {
      // What is told while the log is read may stand behind what was read of it.
      const before = fresh;
      fresh = [];
      return [...(await read()), ...compareAll(before)];
    },
    checkAll: async (owner) => {
      const wrong = await read();
      wrong.push(...compareAll([...told.keys()]));
      const { rows } = await owner.query(selectTotals);
      for (const { tenant, position, changes, contexts, versions: superseded, writes } of rows) {
        const same = position === changes && changes === contexts + superseded && changes === writes;
        if (!same || changes !== logOf(tenant).length)
          wrong.push(`${tenant}: ${JSON.stringify({ position, changes, contexts, superseded, writes })}`);
      }
      const intents = new Set([...told.keys()].map(({ token }) => token));
      for (const token of byToken.keys()) if (!intents.has(token)) wrong.push(`${token} was never sent`);
      return wrong;
    },
    logOf,
    totals: () => {
      const counted = { acknowledged: 0, denied: 0, unknown: 0, pending: 0, changes: 0 };
      for (const said of told.values()) counted[said]++;
      for (const tenant of tenants) counted.changes += logOf(tenant).length;
      return counted;
    },
  };
};
