import { checkAssemble } from "./assemble-options.ts";
import type { AssembledItem, AssembleOptions, Assembly } from "./assembly.ts";
import { createReceipt } from "./create-receipt.ts";
import { type Gathered, gather } from "./gather.ts";
import { pack } from "./pack.ts";

/**
 * Makes a window of the contexts that fit a query, within a budget of tokens.
 * @throws ContextbaseError invalid_argument, unknown_component, and what searches throw
 */
export const assemble = async (base: Gathered, options: AssembleOptions): Promise<Assembly> => {
  const assembly = checkAssemble(options);
  const [candidates, counter] = await Promise.all([gather(base, assembly), assembly.loadCounter()]);
  assembly.signal?.throwIfAborted();
  const packed = await pack(candidates, assembly, counter);
  const items = packed.chosen.map(
    ({ component, id, version, score, tokens, reasons }): AssembledItem => ({
      component,
      id,
      version,
      score,
      tokens,
      reasons,
    }),
  );
  const { text, tokens, missed } = packed;
  return { text, items, missed, tokens, receipt: createReceipt(assembly, counter.name, packed) };
};
