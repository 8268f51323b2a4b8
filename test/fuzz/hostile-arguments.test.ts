import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openContextbase } from "../../src/index.ts";
import { hasServer } from "../faults/postgres-schema.ts";
import { oddValue, oneOf, recordOf } from "./hostile.ts";
import { Free } from "./hostile-components.ts";
import { expectNamed, inMemory, onServer, type Place } from "./hostile-places.ts";
import { runsOf } from "./runs.ts";

describe("hostile arguments", () => {
  const cases: Place[] = [
    { name: "in memory", runs: runsOf(5_000), create: inMemory },
    ...(hasServer ? [{ name: "on a PostgreSQL server", runs: runsOf(1_000), create: onServer }] : []),
  ];

  it.for(cases)(
    "[S2] whatever is given in place of an argument is refused by name, or answered, $name",
    {
      timeout: 120_000,
    },
    async ({ runs, create }) => {
      await using base = await openContextbase({ engine: await create(), components: [Free] });
      const store = base.store(Free);
      await store.storeContext({ id: "a", type: "t", content: {} });
      const option = fc.oneof({ weight: 1, arbitrary: oneOf(undefined) }, { weight: 3, arbitrary: oddValue });
      const names = ["version", "asOf", "limit", "cursor", "type", "write", "attempts", "signal"];
      const options = fc.oneof(
        { weight: 5, arbitrary: recordOf(Object.fromEntries(names.map((name) => [name, option]))) },
        { weight: 1, arbitrary: oddValue },
      );
      const calls: Record<string, (id: never, options: never) => Promise<unknown>> = {
        storeContext: (id, options) => store.storeContext({ id, type: "t", content: {} }, options),
        storeContextOf: (whole, options) => store.storeContext(whole, options),
        storeContexts: (many, options) => store.storeContexts(many, options),
        retrieveContext: (id, options) => store.retrieveContext(id, options),
        retrieveContexts: (many, options) => store.retrieveContexts(many, options),
        getContext: (id, options) => store.getContext(id, options),
        updateContext: (id, options) => store.updateContext(id, () => undefined, options),
        updateContextBy: (change, options) => store.updateContext("a", change, options),
        updateContextTo: (changed, options) => store.updateContext("a", () => changed, options),
        deleteContext: (id, options) => store.deleteContext(id, options),
        history: (id, options) => store.history(id, options),
        listContexts: (_, options) => store.listContexts(options),
        findWrite: (write) => base.findWrite(write),
        as: async (id, options) => base.as({ id, ...(options as object) }),
        asWhole: async (principal) => base.as(principal),
      };
      const argument = fc.oneof({ weight: 1, arbitrary: oneOf("a") }, { weight: 2, arbitrary: oddValue });
      const property = fc.asyncProperty(
        fc.constantFrom(...Object.keys(calls)),
        argument,
        options,
        async (name, makeFirst, makeSecond) => {
          try {
            await calls[name]?.(makeFirst() as never, makeSecond() as never);
          } catch (cause) {
            expectNamed(cause);
          }
        },
      );
      await fc.assert(property, { numRuns: runs, includeErrorInReport: true });
    },
  );

  it("[S2] a text that stands in a thousand places is measured before it is written out", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Free] });
    const text = "x".repeat(1_000_000);
    const content = { texts: Array.from({ length: 1_000 }, () => text) };
    await expect(base.store(Free).storeContext({ type: "t", content })).rejects.toMatchObject({
      code: "too_large",
    });
  });

  it("[S2] an object that holds another twice, and that one another twice, is measured while it is copied", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Free] });
    let content: { [name: string]: unknown } = { text: "x".repeat(1_000) };
    for (let level = 0; level < 22; level++) content = { left: content, right: content };
    const promise = base.store(Free).storeContext({ type: "t", content: content as never });
    await expect(promise).rejects.toMatchObject({ code: "too_large" });
  });
});
