/** What must not compile, and what must. `tsc` is the test: an expected error that does not come is one. */
import { type ContextOf, defineComponent, openContextbase } from "contextbase";
import { z } from "zod";

const Customer = defineComponent({
  name: "Customer",
  types: {
    profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") }),
    note: z.object({ text: z.string() }),
  },
  metadata: z.object({ source: z.string() }).partial(),
});
const Anything = defineComponent({ name: "Anything" });
const Ticket = defineComponent({ name: "Ticket", types: { ticket: { type: "object" } } });

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => undefined;

export const types = async (): Promise<void> => {
  const base = await openContextbase({ url: ":memory:", components: [Customer, Anything, Ticket] });
  const customers = base.store(Customer);

  await customers.storeContext({ type: "profile", content: { name: "Ada", plan: "pro" } });
  await customers.storeContext({ type: "profile", content: { name: "Ada" }, metadata: { source: "crm" } });
  // @ts-expect-error a type that is not declared
  await customers.storeContext({ type: "profil", content: { name: "Ada" } });
  // @ts-expect-error the content of another type
  await customers.storeContext({ type: "profile", content: { text: "Ada" } });
  // @ts-expect-error a value that the schema does not list
  await customers.storeContext({ type: "profile", content: { name: "Ada", plan: "gold" } });
  // @ts-expect-error metadata of the wrong type
  await customers.storeContext({ type: "note", content: { text: "x" }, metadata: { source: 1 } });
  // @ts-expect-error no content
  await customers.storeContext({ type: "note" });
  // @ts-expect-error an option that is misspelled
  await customers.listContexts({ limt: 1 });

  const found = await customers.getContext("a");
  same<typeof found, ContextOf<typeof Customer>>(true);
  if (found.type === "profile") {
    same<typeof found.content, { name: string; plan: "free" | "pro" }>(true);
    // @ts-expect-error text belongs to a note
    found.content.text;
  } else {
    same<typeof found.content, { text: string }>(true);
  }
  same<typeof found.metadata.source, string | undefined>(true);

  await customers.updateContext("a", (draft) => {
    if (draft.type === "note") draft.content.text = "changed";
    // @ts-expect-error the draft is not narrowed here
    draft.content.text = "changed";
  });

  // What was read can be stored again.
  await customers.storeContext(found);
  await base.store(Anything).storeContext({ type: "whatever", content: { any: ["json", 1, null] } });
  // @ts-expect-error a Date is no JSON
  await base.store(Anything).storeContext({ type: "whatever", content: { at: new Date() } });
  await base.store(Ticket).storeContext({ type: "ticket", content: { title: "x" } });
  // @ts-expect-error a type that is not declared
  await base.store(Ticket).storeContext({ type: "tickt", content: {} });

  const store = new Customer.Store(base);
  same<Awaited<ReturnType<typeof store.getContext>>, typeof found>(true);

  const caught: unknown = undefined;
  if (caught instanceof Customer.Error) same<typeof caught.component, "Customer">(true);

  // @ts-expect-error an option that is not there
  defineComponent({ name: "X", typs: {} });
  // @ts-expect-error embeddings want dimensions
  defineComponent({ name: "X", embeddings: {} });
};
