import { deepStrictEqual } from "node:assert/strict";
import { connect } from "../src/engine/sqlite/connection/connection.ts";
import { defineComponent, openContextbase } from "../src/index.ts";
import { compareSpeeds, type Measure } from "./measure.ts";
import { interleave } from "./rounds.ts";
import type { Scale } from "./scale.ts";
import { seeded, textOf } from "./text.ts";

const Page = defineComponent({ name: "Page" });
const id = "page";
const sections = 20;
const sectionCharacters = 490;
const readsPerRound = 200;

/** What it costs to keep the versions of a context of 10 KB of which one field changes each time. */
export const measureHistory = async (
  path: string,
  key: Uint8Array,
  { historyVersions, readRounds, warmUps }: Scale,
): Promise<Measure[]> => {
  const middle = historyVersions / 2;
  const random = seeded(11);
  const text = Array.from({ length: sections }, () => textOf(sectionCharacters, random));
  const contentOf = (version: number) => ({
    status: `step ${version} of ${historyVersions}`,
    sections: text,
  });

  const base = await openContextbase({ url: `file:${path}`, key, components: [Page], cacheBytes: 0 });
  const store = base.store(Page);
  for (let version = 1; version <= historyVersions; version++) {
    await store.storeContext({ id, type: "page", content: contentOf(version) });
  }
  deepStrictEqual((await store.retrieveContext(id, { version: middle }))?.content, contentOf(middle));

  const reader = (name: string, version: number | undefined) => ({
    name,
    operations: readsPerRound,
    work: async () => {
      for (let read = 0; read < readsPerRound; read++) await store.getContext(id, { version });
    },
  });
  const [old, current] = [`version ${middle}`, "the current version"];
  const times = await interleave([reader(old, middle), reader(current, undefined)], readRounds, warmUps);
  await base.close();

  const kept = keptBytes(path, key);
  const copies = JSON.stringify(contentOf(middle)).length * (historyVersions - 1);
  const smaller = copies / kept;
  return [
    compareSpeeds({
      name: `retrieve, version ${middle} of ${historyVersions}`,
      times,
      one: old,
      other: current,
    }),
    {
      name: `bytes of ${historyVersions} versions of 10 KB`,
      against: "full copies",
      ratio: { median: smaller, low: smaller, high: smaller },
      ours: inMegabytes(kept),
      theirs: inMegabytes(copies),
      peers: new Map(),
    },
  ];
};

/** What the bodies of the superseded versions take. */
const keptBytes = (path: string, key: Uint8Array): number => {
  const database = connect({ path, key }, 5_000);
  const bytes = database.prepare("SELECT sum(length(body)) FROM versions").pluck().get();
  database.close();
  return Number(bytes);
};

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toPrecision(3)} MB`;
