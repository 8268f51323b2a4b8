import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key } from "../../engine.ts";
import { numberOf, textOf, toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { askLog, readLog, takeIn } from "./log.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { beginColumns, type MirrorStatements, pagePlaceColumn } from "./mirror-statements.ts";

/** Reads what mirrors are made of, a page at a time, so that neither the server nor the event loop is held up. */
export type MirrorBuilding = {
  /** @returns undefined where it takes more memory than it may, or nothing was written yet, or it was rewritten meanwhile */
  readonly build: (key: Key, indexing: Indexing) => Promise<Mirror | undefined>;
  /** Takes in all that changed. @returns whether it has all now; if not, it is to be made anew */
  readonly catchUp: (mirror: Mirror) => Promise<boolean>;
};

/** Of each number: four bytes as it is stored, and one rounded. */
const numberBytes = 5;

/**
 * @param mostBytes memory of one; that of contexts that are at hand is half as much again
 * @param goesOn whether the work is wanted still
 */
export const createMirrorBuilding = (
  statements: MirrorStatements,
  { read }: Run,
  mostBytes: number,
  goesOn: () => boolean,
): MirrorBuilding => {
  /** A stamp of now, where what stands has room. */
  const begin = async ({ tenant, component }: Key, { dimensions = 0 }: Indexing) => {
    const most = Math.floor(mostBytes / (dimensions * numberBytes));
    const values = [tenant, component, String(most + 1)];
    const [[row] = []] = await read(tenant, [{ statement: statements.begin, values }]);
    if (!row || numberOf(row, beginColumns.contexts) > most) return undefined;
    return {
      position: numberOf(row, beginColumns.position),
      at: numberOf(row, beginColumns.at),
      write: textOf(row, beginColumns.write),
      rewrites: numberOf(row, beginColumns.rewrites),
    };
  };

  const isTooLarge = (mirror: Mirror): boolean => mirror.bytes() > mostBytes;

  const catchUp = async (mirror: Mirror): Promise<boolean> => {
    const { tenant, component } = mirror.key;
    const most = limits.mirrorPageContexts;
    // To read everything anew takes no longer than to go through so many changes.
    for (let left = Math.max(mirror.documents.live(), most); left > 0; left -= most) {
      if (!goesOn() || isTooLarge(mirror)) return false;
      const asked = mirror.stamp();
      const [rows = []] = await read(tenant, [askLog(statements, mirror, most)]);
      const told = readLog(component, asked, rows, most);
      if (told.kind !== "changed") return told.kind === "same";
      takeIn(mirror, told);
      if (!told.more) return !isTooLarge(mirror);
    }
    return false;
  };

  const readPages = async (mirror: Mirror): Promise<boolean> => {
    const { tenant, component } = mirror.key;
    for (let place = 0; ; ) {
      if (!goesOn() || isTooLarge(mirror)) return false;
      const values = [tenant, component, String(place), String(limits.mirrorPageContexts)];
      const [rows = []] = await read(tenant, [{ statement: statements.page, values }]);
      for (const row of rows) {
        place = numberOf(row, pagePlaceColumn);
        mirror.take({ ...toStored(component, row), place });
      }
      if (rows.length === 0) return true;
    }
  };

  return {
    build: async (key, indexing) => {
      const stamp = await begin(key, indexing);
      if (!stamp) return undefined;
      const mirror = createMirror(key, indexing, stamp, Math.floor(mostBytes / 2));
      return (await readPages(mirror)) && (await catchUp(mirror)) ? mirror : undefined;
    },
    catchUp,
  };
};
