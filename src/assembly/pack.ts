import { setImmediate } from "node:timers/promises";
import { limits } from "../base/limits.ts";
import { arrange } from "./arrange.ts";
import type { CheckedAssembly } from "./assemble-options.ts";
import type { Assembly, ContextVersion, MissedContext } from "./assembly.ts";
import { createFindDuplicate } from "./duplicates.ts";
import type { Candidate } from "./gather.ts";
import { renderWith } from "./template.ts";
import type { TokenCounter } from "./tokenizer.ts";

type Chosen = Candidate & { readonly tokens: number };

/** Comparing two fingerprints takes as long as counting the tokens of so many characters, or less. */
const comparedCharacters = 10;

/** What a window is made of, in the order of its text. */
export type Packed = Pick<Assembly, "text" | "tokens" | "missed"> & { readonly chosen: readonly Chosen[] };

type Choice = { readonly chosen: Chosen[]; readonly missed: MissedContext[]; readonly used: number };

const versionOf = ({ component, id, version }: ContextVersion): ContextVersion => ({
  component,
  id,
  version,
});

const toMissed = (
  candidate: Candidate,
  why: Pick<MissedContext, "missed" | "duplicateOf"> & { readonly tokens?: number | undefined },
): MissedContext => {
  const { score, reasons } = candidate;
  const { tokens, ...told } = why;
  return { ...versionOf(candidate), score, reasons, ...told, ...(tokens !== undefined && { tokens }) };
};

/**
 * Chooses the best of the candidates that fit into the budget, and renders them. What each adds is counted once, by
 * itself; since tokens merge where texts join, and a template may add more, the whole text is counted, too, and
 * with too many tokens it is made anew of as much less, and should that not do, of less by ever more.
 * @param candidates best first
 */
export const pack = async (
  candidates: readonly Candidate[],
  { tokens: budget, template, order, limit, duplicates, signal }: CheckedAssembly,
  counter: TokenCounter,
): Promise<Packed> => {
  const findDuplicate = createFindDuplicate(duplicates);
  const frame = counter.count(renderWith(template, []), budget) ?? budget;
  const measured = new Map<Candidate, number | undefined>();
  let worked = 0;

  const measure = (candidate: Candidate): number | undefined => {
    if (measured.has(candidate)) return measured.get(candidate);
    const text = renderWith(template, [candidate.item]);
    worked += text.length;
    const counted = counter.count(text, frame + budget);
    const tokens = counted === undefined ? undefined : Math.max(counted - frame, 0);
    measured.set(candidate, tokens);
    return tokens;
  };

  /** Tokenizers block: after so much of it others have their turn. */
  const takeTurns = async (): Promise<void> => {
    if (worked < limits.assemblyTurnCharacters) return;
    worked = 0;
    await setImmediate();
    signal?.throwIfAborted();
  };

  const choose = async (room: number): Promise<Choice> => {
    const chosen: Chosen[] = [];
    const missed: MissedContext[] = [];
    let used = 0;
    for (const candidate of candidates) {
      if (chosen.length === limit) {
        missed.push(toMissed(candidate, { missed: "limit" }));
        continue;
      }
      worked += chosen.length * comparedCharacters;
      await takeTurns();
      const duplicateOf = findDuplicate(candidate, chosen);
      if (duplicateOf) {
        missed.push(toMissed(candidate, { missed: "duplicate", duplicateOf: versionOf(duplicateOf) }));
        continue;
      }
      const tokens = measure(candidate);
      if (tokens === undefined || used + tokens > room) {
        missed.push(toMissed(candidate, { missed: "budget", tokens }));
        continue;
      }
      chosen.push({ ...candidate, tokens });
      used += tokens;
    }
    return { chosen, missed, used };
  };

  let room = budget - frame;
  for (let power = 1; ; power *= 2) {
    const choice = await choose(room);
    const missed = choice.missed.slice(0, limits.assemblyMissed);
    if (choice.chosen.length === 0) return { text: "", tokens: 0, chosen: [], missed };
    const chosen = arrange(choice.chosen, order);
    const text = renderWith(
      template,
      chosen.map(({ item }) => item),
    );
    const tokens = counter.count(text, budget * 2) ?? budget * 2;
    if (tokens <= budget) return { text, tokens, chosen, missed };
    room = Math.min(choice.used - 1, choice.used * (budget / tokens) ** power);
  }
};
