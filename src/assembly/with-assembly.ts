import type { Snapshot } from "../store/as-of/snapshot.ts";
import type { Contextbase as Base, ContextbaseView as View } from "../store/contextbase.ts";
import type { Principal } from "../store/principal.ts";
import type { AssembleOptions, Assembly, ReassembleOptions, Reassembly } from "./assembly.ts";

/** What makes windows of contexts. */
export type Assembling = {
  /**
   * Makes a text of the contexts that fit a query, chosen by search, within a budget of tokens.
   * @throws ContextbaseError invalid_argument, unknown_component, and what searches throw
   */
  assemble(options: AssembleOptions): Promise<Assembly>;

  /**
   * Makes the very same text again, from the versions that its receipt names: the receipt as it came, or read from
   * its JSON.
   * @throws ContextbaseError invalid_receipt; receipt_expired where a version cannot be read any more;
   *   receipt_differs where another text would come of it
   */
  reassemble(receipt: unknown, options?: ReassembleOptions): Promise<Reassembly>;
};

/** A whole store as it stood at a time, of which windows can be made, too. */
export type ContextbaseSnapshot = Snapshot & Pick<Assembling, "assemble">;

type At = {
  /**
   * The whole store as it stood at a time, to be read; at or after now, as it is.
   * @throws ContextbaseError invalid_argument
   */
  at(time: Date | string): ContextbaseSnapshot;
};

/** A store as one principal sees it. */
export type ContextbaseView = Omit<View, "at"> & At & Assembling;

export type Contextbase = Omit<Base, "as" | "at"> &
  At &
  Assembling & {
    /**
     * The same store for a principal: it is the actor, and its tenant is all there is.
     * @throws ContextbaseError invalid_argument
     */
    as(principal: Principal): ContextbaseView;
  };

// Their code is loaded with the first call: most programs that open a store make no windows.
const assemblingOf = (view: View): At & Assembling => ({
  assemble: assembleOf(view),
  reassemble: async (receipt, options) => {
    const { reassemble } = await import("./reassemble.ts");
    return reassemble(view, receipt, options);
  },
  at: (time) => {
    const snapshot = view.at(time);
    return { ...snapshot, assemble: assembleOf(snapshot) };
  },
});

const assembleOf =
  (source: View | Snapshot): Assembling["assemble"] =>
  async (options) => {
    const { assemble } = await import("./assemble.ts");
    return assemble(source, options);
  };

/** A store whose views make windows of contexts, too. */
export const withAssembly = (base: Base): Contextbase => ({
  ...base,
  ...assemblingOf(base),
  as: (principal) => {
    const view = base.as(principal);
    return { ...view, ...assemblingOf(view) };
  },
});
