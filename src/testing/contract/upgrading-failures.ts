import { expect } from "vitest";
import { z } from "zod";
import { defineComponent, VersionConflictError } from "../../index.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { name, Old, old, openBoth, present } from "./upgraded-components.ts";

/** Content that a program does not know, or that its upgrades do not make fit. */
export const upgradingFailures = (engine: EngineUnderTest): void => {
  const whole = itWith(engine, "severalStores");

  whole("[E2] old code fails by name where it meets what newer code wrote, and damages nothing", async () => {
    const { before, after } = await openBoth(engine);
    await before.storeContexts([old("a", 1), old("b", 1), old("c", 1)]);
    expect(await before.retrieveContext("a")).toMatchObject({ version: 1 });
    await after.storeContext(present("a", 7));
    const newer = { code: "newer_schema", details: { id: "a", schemaVersion: 3, known: 1 } };
    await expect(before.retrieveContext("a")).rejects.toMatchObject(newer);
    await expect(before.retrieveContexts(["b", "a"])).rejects.toMatchObject(newer);
    await expect(before.listContexts()).rejects.toMatchObject(newer);
    await expect(before.searchContexts({ text: "new" })).rejects.toMatchObject(newer);
    await expect(before.updateContext("a", () => undefined)).rejects.toMatchObject(newer);
    await expect(before.storeContext(old("a", 2))).rejects.toMatchObject(newer);
    await expect(before.storeContext({ ...old("a", 2), version: 3 })).rejects.toMatchObject(newer);
    await expect(before.storeContext({ ...old("a", 2), version: 9 })).rejects.toMatchObject(newer);
    await expect(before.storeContexts([old("b", 5), old("a", 2)])).rejects.toMatchObject(newer);
    expect(await before.retrieveContext("a", { version: 1 })).toMatchObject({ content: { n: "1" } });
    expect(await before.retrieveContext("b")).toMatchObject({ version: 1, content: { n: "1" } });
    expect(await after.retrieveContext("a")).toMatchObject({ version: 2, content: { count: 7 } });
    await expect(before.storeContext({ ...old("c", 2), version: 9 })).rejects.toThrow(VersionConflictError);
    expect(await before.deleteContext("a")).toBe(true);
    expect(await before.storeContext(old("a", 3))).toMatchObject({ version: 4 });
  });

  whole(
    "[E2] an upgrade that throws, or gives what does not fit, is named, and no content is told",
    async () => {
      const { open } = await createNew(engine);
      const before = (await open({ components: [Old] })).store(Old);
      await before.storeContexts([old("a", 1), { id: "m", type: "note", content: { text: "secret" } }]);
      const types = { item: z.object({ count: z.number() }) };
      const Failing = defineComponent({
        name,
        types,
        schemaVersion: 2,
        compatibility: "none",
        upgrades: {
          2: {
            item: () => {
              throw new Error("old a");
            },
          },
        },
      });
      const failing = (await open({ components: [Failing] })).store(Failing);
      const failed = await failing.retrieveContext("a").catch((cause: unknown) => cause);
      expect(failed).toMatchObject({ code: "upgrade_failed", component: name, retryable: false });
      expect(failed).toMatchObject({ details: { id: "a", version: 1, from: 1, to: 2 } });
      expect(JSON.stringify(failed)).not.toContain("old a");
      expect(failed).toHaveProperty("cause.message", "old a");
      await expect(failing.retrieveContext("m")).rejects.toThrow(/no type "note" any more/);

      const Misfit = defineComponent({
        name,
        types,
        schemaVersion: 3,
        compatibility: "none",
        upgrades: { 3: {} },
      });
      const misfit = (await open({ components: [Misfit] })).store(Misfit);
      const found = await misfit.retrieveContext("a").catch((cause: unknown) => cause);
      expect(found).toMatchObject({ code: "upgrade_failed", details: { id: "a", from: 1, to: 3 } });
      expect(found).toHaveProperty("message", expect.stringContaining("content.count does not fit"));
      await expect(misfit.listContexts({ where: { "content.count": 1 } })).rejects.toMatchObject({
        code: "upgrade_failed",
      });
    },
  );
};
