import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { newId } from "../../src/base/ids.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { defineComponent } from "../../src/index.ts";
import { toRegistered } from "../../src/store/registered.ts";
import { startSweeper, sweepTenant } from "../../src/store/sweeping/sweeper.ts";
import type { SweepParts, SweepStep } from "../../src/store/sweeping/sweeper-steps.ts";
import type { SweepPlaces } from "../../src/store/sweeping/sweeper-versions.ts";
import { manualClock } from "../../src/testing/manual-clock.ts";

const hour = 60 * 60 * 1_000;
const day = 24 * hour;

const Plan = defineComponent({
  name: "Plan",
  retention: {
    versions: 2,
    thin: [
      { within: "1 day", keep: "all" },
      { within: "5 days", keep: "daily" },
    ],
  },
});
const Note = defineComponent({ name: "Note", retention: { for: "2 days" } });
const components = [Plan, Note];

const openEngine = async (): Promise<Engine> => {
  const engine = sqlite({ path: ":memory:", key: undefined });
  onTestFinished(() => engine.close());
  await engine.open(components.map(toRegistered));
  return engine;
};

const partsOf = (engine: Engine, clock: () => number): SweepParts => ({
  engine,
  clock,
  newId,
  commit: engine.commit,
  forget: () => undefined,
  onError: (_, cause) => {
    throw cause;
  },
  dryRun: false,
});

const put = (engine: Engine, component: string, id: string, now: number, expiresAt?: number) => {
  const body = {
    type: "t",
    schemaVersion: 1,
    content: `{"at":${now}}`,
    metadata: "{}",
    embeddings: undefined,
  };
  const write = {
    operation: "store",
    component,
    id,
    made: false,
    version: undefined,
    parent: undefined,
  } as const;
  const group = { tenant: "default", actor: "a", write: newId(), repeatable: false };
  return engine.commit([{ ...group, writes: [{ ...write, ...body, expiresAt }] }], now);
};

const sum = (steps: readonly SweepStep[], name: "changes" | "removed" | "examined" | "expired"): number =>
  steps.reduce((total, step) => total + (step[name] ?? 0), 0);

const sweep = async (parts: SweepParts, places: SweepPlaces = new Map()): Promise<SweepStep[]> => {
  const steps: SweepStep[] = [];
  for await (const step of sweepTenant(parts, "default", components, places)) steps.push(step);
  return steps;
};

describe("a sweep", () => {
  it("[V11] goes on where it came to, and looks again when a step of the retention ends", async () => {
    const engine = await openEngine();
    const clock = manualClock();
    const parts = partsOf(engine, clock);
    const places: SweepPlaces = new Map();
    for (let version = 1; version <= 5; version++) await put(engine, "Note", "n", clock());
    await put(engine, "Note", "once", clock());
    const first = await sweep(parts, places);
    expect([sum(first, "changes"), sum(first, "examined"), sum(first, "removed")]).toEqual([6, 1, 0]);
    expect(sum(await sweep(parts, places), "changes")).toBe(0);
    clock.advance(2 * day + 10);
    const later = await sweep(parts, places);
    expect([sum(later, "examined"), sum(later, "removed")]).toEqual([1, 4]);
    await put(engine, "Note", "n", clock());
    clock.advance(1);
    const last = await sweep(parts, places);
    expect([sum(last, "changes"), sum(last, "removed")]).toEqual([1, 0]);
  });

  it("[V11] now and then leaves nothing that a sweep of everything would remove", async () => {
    const gap = fc.integer({ min: 1, max: 3 * day });
    const action = fc.record({
      gap,
      component: fc.constantFrom("Plan", "Note"),
      id: fc.constantFrom("a", "b"),
      writes: fc.integer({ min: 0, max: 4 }),
      sweeps: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        const engine = sqlite({ path: ":memory:", key: undefined });
        await engine.open(components.map(toRegistered));
        const clock = manualClock();
        const places: SweepPlaces = new Map();
        for (const { gap, component, id, writes, sweeps } of actions) {
          for (let count = 0; count < writes; count++) {
            await put(engine, component, id, clock());
            clock.advance(gap % (7 * hour));
          }
          clock.advance(gap);
          if (sweeps) await sweep(partsOf(engine, clock), places);
        }
        // No change is later than now by then: each version has its time a moment after the one before.
        clock.advance(1_000);
        await sweep(partsOf(engine, clock), places);
        expect(sum(await sweep(partsOf(engine, clock)), "removed")).toBe(0);
        await engine.close();
      }),
      { numRuns: 25 },
    );
  });

  it("[V11, V12] goes on in the background, and ends with its store", async () => {
    const engine = await openEngine();
    const clock = manualClock();
    for (let version = 1; version <= 3; version++) await put(engine, "Note", "n", clock());
    await put(engine, "Plan", "p", clock(), clock() + hour);
    clock.advance(3 * day);
    const steps: SweepStep[] = [];
    const sweeper = startSweeper({
      ...partsOf(engine, clock),
      components,
      everyMilliseconds: 1,
      onStep: (step) => void steps.push(step),
    });
    while (sum(steps, "removed") < 2 || sum(steps, "expired") < 1) await sleep(5);
    await sweeper.close();
    const done = steps.length;
    await sleep(20);
    expect(steps.length).toBe(done);
    expect([sum(steps, "removed"), sum(steps, "expired")]).toEqual([2, 1]);
  });
});
