import type { Contextbase } from "contextbase";
import { Customer, Policy, Ticket, Turn } from "./components.ts";

const policies = [
  [
    "refunds",
    "Refunds",
    "A purchase is refunded within 30 days, to the card that it was paid with. Gift cards are not refunded.",
  ],
  [
    "refunds-handbook",
    "Refunds",
    "A purchase is refunded within 30 days, to the card that it was paid with: gift cards are not refunded.",
  ],
  [
    "shipping",
    "Shipping",
    "Orders leave our warehouse on the next working day. Abroad, a parcel takes up to ten days.",
  ],
  ["privacy", "Privacy", "An account is deleted with all its data within 7 days of being asked to."],
] as const;

const tickets = [
  [
    "t-101",
    "headphones",
    "One side of the headphones is silent.",
    "A reset helps: hold both buttons for ten seconds.",
  ],
  [
    "t-102",
    "headphones",
    "The headphones were paid twice.",
    "The second payment was refunded; the card showed it after three days.",
  ],
  ["t-103", "lamp", "The lamp flickers.", "Its bulb was loose."],
] as const;

const turns = [
  ["customer", "Hello! My headphones arrived yesterday, and the left side stays silent."],
  ["assistant", "I am sorry to hear that. Did you hold both buttons for ten seconds to reset them?"],
  ["customer", "I did, twice. It did not help."],
] as const;

/** What the shop knows already. */
export const storeEverything = async (base: Contextbase): Promise<void> => {
  await base
    .store(Policy)
    .storeContexts(policies.map(([id, title, text]) => ({ id, type: "policy", content: { title, text } })));
  await base.store(Ticket).storeContexts(
    tickets.map(([id, product, problem, solution]) => ({
      id,
      type: "solved",
      content: { problem, solution },
      metadata: { product },
    })),
  );
  await base.store(Customer).storeContexts([
    { id: "ada", type: "profile", content: { name: "Ada", plan: "pro", country: "Portugal" } },
    { id: "eve", type: "profile", content: { name: "Eve", plan: "free", country: "Norway" } },
  ]);
  await base.store(Turn).storeContexts(
    turns.map(([speaker, text], index) => ({
      type: "turn",
      content: { speaker, text },
      metadata: { conversation: "ada-7", turn: index + 1 },
    })),
  );
};
