/**
 * How much of what answers a question is found in conversations: the part of each question's evidence that is among
 * the first 10 and 20 hits of a search by its text, on average over all questions, without any embedding. Each file is
 * measured in a store of its own, and then all of them in one.
 *
 * A file holds `turns` ({ id, session, at, speaker, text, caption? }, in order) and `questions` ({ question,
 * evidence: ids of turns }).
 *
 * Usage: node scripts/campaigns/conversations.ts --data FOLDER [--url :memory:]
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type ContextStore, defineComponent, openContextbase } from "../../src/index.ts";

const Turn = defineComponent({
  name: "Turn",
  types: { turn: z.object({ text: z.string(), speaker: z.string(), caption: z.string().optional() }) },
  metadata: z.object({ at: z.string(), conversation: z.string(), session: z.number(), turn: z.number() }),
  searchText: ["content.text", "content.speaker", "content.caption", "metadata.at"],
  thread: ["metadata.conversation", "metadata.session"],
  order: "metadata.turn",
});

const Conversation = z.object({
  turns: z.array(
    z.object({
      id: z.string(),
      session: z.number(),
      at: z.string(),
      speaker: z.string(),
      text: z.string(),
      caption: z.string().optional(),
    }),
  ),
  questions: z.array(z.object({ question: z.string(), evidence: z.array(z.string()) })),
});
type Conversation = z.infer<typeof Conversation> & { readonly name: string };

/** What must be reached at each number of hits, over all files. */
const targets = { 10: 0.83, 20: 0.88 } as const;
const cuts = [10, 20] as const;

type Recall = { readonly questions: number; readonly found: Record<(typeof cuts)[number], number> };

const idOf = ({ name }: Conversation, turn: string): string => `${name} ${turn}`;

const load = async (store: ContextStore<typeof Turn>, conversation: Conversation): Promise<void> => {
  const { name, turns } = conversation;
  await store.storeContexts(
    turns.map(({ id, session, at, speaker, text, caption }, turn) => ({
      id: idOf(conversation, id),
      type: "turn",
      content: { text, speaker, caption },
      metadata: { at, conversation: name, session, turn },
    })),
  );
};

const measure = async (store: ContextStore<typeof Turn>, conversation: Conversation): Promise<Recall> => {
  const found = { 10: 0, 20: 0 };
  for (const { question, evidence } of conversation.questions) {
    const hits = await store.searchContexts({ text: question, limit: Math.max(...cuts) });
    for (const cut of cuts) {
      const ids = new Set(hits.slice(0, cut).map(({ context }) => context.id));
      const held = evidence.filter((turn) => ids.has(idOf(conversation, turn)));
      found[cut] += held.length / evidence.length;
    }
  }
  return { questions: conversation.questions.length, found };
};

const total = (recalls: readonly Recall[], cut: (typeof cuts)[number]): number =>
  recalls.reduce((sum, { found }) => sum + found[cut], 0) /
  recalls.reduce((sum, { questions }) => sum + questions, 0);

const show = (name: string, recalls: readonly Recall[]): void =>
  console.log(
    name.padEnd(24),
    cuts.map((cut) => `recall@${cut} ${total(recalls, cut).toFixed(4)}`).join("  "),
  );

/** Loads the conversations into one store and asks their questions there. */
const run = async (url: string, conversations: readonly Conversation[]): Promise<Recall[]> => {
  await using base = await openContextbase({ url, components: [Turn] });
  // Runs in one database, as a server keeps it, are told apart by their tenants.
  const store = base
    .as({ id: "campaign", tenant: `conversations-${conversations.map(({ name }) => name).join("-")}` })
    .store(Turn);
  for (const conversation of conversations) await load(store, conversation);
  const recalls: Recall[] = [];
  for (const conversation of conversations) recalls.push(await measure(store, conversation));
  return recalls;
};

const { data, url } = parseArgs({
  options: { data: { type: "string" }, url: { type: "string", default: ":memory:" } },
}).values;
if (data === undefined) throw new Error("Name the folder of the conversations: --data FOLDER");

const conversations = readdirSync(data)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file): Conversation => {
    const parsed: unknown = JSON.parse(readFileSync(join(data, file), "utf8"));
    return { name: basename(file, ".json"), ...Conversation.parse(parsed) };
  });

const apart: Recall[] = [];
for (const conversation of conversations) {
  const recalls = await run(url, [conversation]);
  show(conversation.name, recalls);
  apart.push(...recalls);
}
show("all, a store each", apart);
show("all, in one store", await run(url, conversations));

const missed = cuts.filter((cut) => total(apart, cut) < targets[cut]);
for (const cut of missed) console.log(`FAIL: recall@${cut} is to be ${targets[cut]}`);
if (missed.length > 0) process.exitCode = 1;
