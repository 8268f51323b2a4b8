import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { type Component, type ContextStore, openContextbase } from "../../src/index.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { hasServer } from "../faults/postgres-schema.ts";
import { components, existing, Free, type Input, keptOf, Plain, Strict } from "./hostile-components.ts";
import { attempt } from "./hostile-inputs.ts";
import { expectNamed, inMemory, onServer, type Place } from "./hostile-places.ts";
import { isEqual, isId, isVersion, refused } from "./rules.ts";
import { runsOf } from "./runs.ts";

describe("hostile contexts", () => {
  const cases: Place[] = [
    {
      name: "in an encrypted file",
      runs: runsOf(3_000),
      create: async () => sqlite({ path: join(temporaryFolder(), "store.db"), key }),
    },
    { name: "in memory", runs: runsOf(7_000), create: inMemory },
    ...(hasServer ? [{ name: "on a PostgreSQL server", runs: runsOf(1_000), create: onServer }] : []),
  ];

  it.for(cases)(
    "[S2] $runs are each stored and read back equal, or refused by name, $name",
    { timeout: 600_000 },
    async ({ runs, create }) => {
      const engine = await create();
      await using base = await openContextbase({ engine, components: [Free, Strict, Plain] });
      let position = 0;
      let made = 0;
      const counts = { stored: 0, refused: 0 };
      /** The changes since last asked; of a refused write there is none. */
      const news = async () => {
        const changes = await engine.changes("default", position, 10);
        position += changes.length;
        return changes;
      };

      const tryOne = async (component: Component, input: Input, how: string): Promise<void> => {
        const store: ContextStore<Component> = base.store(component);
        const sound = existing[component.name];
        if (!sound) throw new Error("no sound context");
        const updating = how === "updateContext" || how === "altered draft";
        const updated = `updated ${++made}`;
        if (updating) await store.storeContext({ id: updated, ...sound } as never);
        await news();

        const id = updating ? updated : input.id;
        const idFits = updating || input.id === undefined || isId(input.id);
        const current =
          idFits && typeof id === "string"
            ? ((await store.history(id, { limit: 1 })).versions[0]?.version ?? 0)
            : 0;
        const { version } = input;
        const versionFits =
          updating || version === undefined || (isVersion(version) && version === current + 1);
        const kept = keptOf(component.name, input);
        const expected = idFits && versionFits ? kept : refused;

        const siblings = [0, 1].map((n) => ({ id: `sibling ${made} ${n}`, ...sound }));
        const act = async () => {
          switch (how) {
            case "storeContext":
              return [await store.storeContext(input as never)];
            case "storeContexts":
              return await store.storeContexts([siblings[0], input, siblings[1]] as never);
            case "updateContext":
              return [await store.updateContext(updated, () => input as never)];
            default:
              return [
                await store.updateContext(updated, (draft) => {
                  const { type, content, metadata, embeddings } = input;
                  Object.assign(draft, { type, content, metadata, embeddings });
                }),
              ];
          }
        };
        let stored: Awaited<ReturnType<typeof act>>;
        try {
          stored = await act();
        } catch (cause) {
          expectNamed(cause);
          expect(await news()).toEqual([]);
          if (expected !== refused) throw new Error("It refused what the rules let through.", { cause });
          counts.refused++;
          return;
        }
        if (expected === refused) throw new Error("It stored what the rules refuse.");
        counts.stored++;
        const changes = await news();
        expect(changes).toHaveLength(stored.length);
        const [context] = stored.slice(how === "storeContexts" ? 1 : 0);
        if (!context) throw new Error("nothing came back");
        if (typeof id === "string") expect(context.id).toBe(id);
        expect(context.version).toBe(current + 1);
        const read = await store.retrieveContext(context.id);
        for (const one of [context, read]) {
          const { type, content, metadata, embeddings } = one ?? {};
          const seen = { type, content, metadata, embeddings: embeddings && Array.from(embeddings) };
          const wanted = {
            type: expected.type,
            content: expected.content,
            metadata: expected.metadata,
            embeddings: expected.embeddings,
          };
          if (!isEqual(seen, wanted)) expect(seen).toEqual(wanted);
          expect(isEqual(seen, wanted)).toBe(true);
        }
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      };

      const property = fc.asyncProperty(attempt, ({ component, input, how }) =>
        tryOne(components[component] ?? Free, input(), how),
      );
      await fc.assert(property, { numRuns: runs, includeErrorInReport: true });
      expect(counts.stored).toBeGreaterThan(runs / 6);
      expect(counts.refused).toBeGreaterThan(runs / 6);
    },
  );
});
