import { type AssembleOptions, type Contextbase, defineComponent, openContextbase } from "contextbase";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { onTestFinished } from "vitest";
import { z } from "zod";

export const Policy = defineComponent({ name: "Policy" });

export const Turn = defineComponent({
  name: "Turn",
  types: { turn: z.object({ speaker: z.string(), text: z.string() }) },
  metadata: z.object({ conversation: z.string(), turn: z.number() }),
  searchText: ["content.text"],
  thread: "metadata.conversation",
  order: "metadata.turn",
});

/** A new store in memory, in which a second goes by whenever the time is asked. */
export const open = async (): Promise<Contextbase> => {
  let now = Date.UTC(2026, 0, 31);
  const clock = (): number => (now += 1_000);
  const base = await openContextbase({ url: ":memory:", components: [Policy, Turn], clock });
  onTestFinished(() => base.close());
  return base;
};

/** Stores texts by their ids. */
export const storePolicies = async (
  base: Pick<Contextbase, "store">,
  texts: Readonly<Record<string, string>>,
): Promise<void> => {
  const contexts = Object.entries(texts).map(([id, text]) => ({ id, type: "policy", content: { text } }));
  await base.store(Policy).storeContexts(contexts);
};

/** Stores the turns of a conversation, under ids such as `c1-3`. */
export const storeTurns = async (
  base: Pick<Contextbase, "store">,
  conversation: string,
  texts: readonly string[],
): Promise<void> => {
  await base.store(Turn).storeContexts(
    texts.map((text, index) => ({
      id: `${conversation}-${index + 1}`,
      type: "turn" as const,
      content: { speaker: index % 2 === 0 ? "Ada" : "Bob", text },
      metadata: { conversation, turn: index + 1 },
    })),
  );
};

/** What most tests ask for. */
export const ask = (query: string, tokens = 2_000): AssembleOptions => ({
  query,
  sources: [{ component: Policy }],
  budget: { tokens },
});

export const tokensOf = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });
export const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);
