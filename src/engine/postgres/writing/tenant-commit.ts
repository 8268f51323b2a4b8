import type { Write, WriteGroup } from "../../engine.ts";
import {
  bigintArray,
  booleanArray,
  bytesArray,
  integerArray,
  textArray,
} from "../connection/binary-array.ts";
import type { Row, Step } from "../connection/trip.ts";
import { type FoundRow, foundValues } from "../indexing/found-rows.ts";
import { type CommitStatements, type GroupResult, readRound } from "./commit-statements.ts";

/** A group on its way. */
export type Sending = {
  readonly group: WriteGroup;
  /** Whether this write may have happened before: the caller named it, or an earlier try was lost. */
  readonly checked: boolean;
  /** Whether an earlier try of it may still be on its way. */
  readonly again: boolean;
  /** What its writes are found by, in their order; empty where they are not searched. */
  readonly found: readonly FoundRow[];
  /** The number of the fence that bars its write id, and that it takes down. */
  readonly fence: number | undefined;
};

/** Writes of one statement, among which no id and no write id stands twice. */
type Round = { readonly sendings: { readonly index: number; readonly sending: Sending }[] };

const keyOf = ({ component, id }: Write): string => `${component}\0${id}`;

/** In their order; a group that touches what an earlier one of its round touches begins a new round. */
const toRounds = (sendings: readonly Sending[]): Round[] => {
  const rounds: Round[] = [];
  let taken = new Set<string>();
  for (const [index, sending] of sendings.entries()) {
    const keys = [`\0${sending.group.write}`, ...sending.group.writes.map(keyOf)];
    const round = rounds.at(-1);
    if (round && !keys.some((key) => taken.has(key))) {
      round.sendings.push({ index, sending });
    } else {
      rounds.push({ sendings: [{ index, sending }] });
      taken = new Set();
    }
    for (const key of keys) taken.add(key);
  }
  return rounds;
};

/** The fence that it leaves where it is refused: not the one that an earlier try takes down. */
const fenceAfter = ({ again, fence }: Sending): number | undefined =>
  again || fence !== undefined ? (fence ?? 0) + 1 : undefined;

const stored = <Value>(write: Write, value: (write: Write & { operation: "store" }) => Value, none: Value) =>
  write.operation === "store" ? value(write) : none;

/** What stands for the writes of a group that are not searched. */
const foundOf = ({ group, found }: Sending): readonly FoundRow[] =>
  found.length > 0 ? found : group.writes.map(() => ({}));

const toStep = (
  { round: plain, foundRound, vectors }: CommitStatements,
  tenant: string,
  now: number,
  round: Round,
): Step => {
  const groups = round.sendings.map(({ sending }) => sending);
  const writes = groups.flatMap(({ group }, index) => group.writes.map((write) => ({ write, index })));
  const each = <Value>(take: (write: Write) => Value): Value[] => writes.map(({ write }) => take(write));
  const isFound = groups.some(({ found }) => found.length > 0);
  return {
    statement: isFound ? foundRound : plain,
    values: [
      tenant,
      String(now),
      integerArray(writes.map(({ index }) => index + 1)),
      textArray(each(({ component }) => component)),
      textArray(each(({ id }) => id)),
      booleanArray(each(({ operation }) => operation === "delete")),
      bigintArray(each(({ version }) => version)),
      textArray(each((write) => stored(write, ({ type }) => type, ""))),
      integerArray(each((write) => stored(write, ({ schemaVersion }) => schemaVersion, 1))),
      textArray(each((write) => stored(write, ({ content }) => content, "{}"))),
      textArray(each((write) => stored(write, ({ metadata }) => metadata, "{}"))),
      bytesArray(each((write) => stored(write, ({ embeddings }) => embeddings, undefined))),
      textArray(groups.map(({ group }) => group.write)),
      textArray(groups.map(({ group }) => group.actor)),
      booleanArray(groups.map(({ checked }) => checked)),
      bigintArray(groups.map(fenceAfter)),
      bigintArray(each((write) => stored(write, ({ parent }) => parent, undefined))),
      bigintArray(each((write) => stored(write, ({ expiresAt }) => expiresAt, undefined))),
      textArray(groups.map(({ group }) => group.after)),
      ...(isFound ? foundValues(groups.flatMap(foundOf), vectors) : []),
    ],
  };
};

/** One transaction of one tenant: its statements, and the reading of their rows. */
export type TenantCommit = {
  readonly steps: readonly Step[];
  /** @returns what became of each group; undefined where the tenant has no counter yet, so that nothing happened */
  readonly read: (results: readonly (readonly Row[])[]) => GroupResult[] | undefined;
};

export const createTenantCommit = (
  statements: CommitStatements,
  tenant: string,
  sendings: readonly Sending[],
  now: number,
): TenantCommit => {
  const rounds = toRounds(sendings);
  const lock: Step = { statement: statements.lock, values: [tenant] };
  const unfence = sendings.flatMap(({ group, fence }): Step[] =>
    fence === undefined
      ? []
      : [{ statement: statements.unfence, values: [tenant, group.write, String(fence)] }],
  );
  return {
    steps: [lock, ...unfence, ...rounds.map((round) => toStep(statements, tenant, now, round))],
    read: ([locked, ...rest]) => {
      if (!locked?.length) return undefined;
      const results = rest.slice(unfence.length);
      const outcomes: GroupResult[] = [];
      for (const [at, round] of rounds.entries()) {
        const sizes = round.sendings.map(({ sending }) => sending.group.writes.length);
        const found = readRound(results[at] ?? [], sizes);
        for (const [place, { index }] of round.sendings.entries()) {
          const result = found[place];
          if (result) outcomes[index] = result;
        }
      }
      return outcomes;
    },
  };
};
