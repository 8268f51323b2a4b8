/** What the kernel has to offer to `src/search/vector/kernel.ts`. One instance is one slab. */
import { scaleOf } from "./compare";
import { findByRows, findBySketches, select } from "./find";
import { addChunks, amongAt, bestAt, chunkOf, layOut, makeRoom, vectorAt } from "./layout";
import { has, remove } from "./presence";
import { drawSigns } from "./rotate";
import { ask, put } from "./rows";
import { sketchAll } from "./sketch";

export {
  addChunks,
  amongAt,
  ask,
  bestAt,
  chunkOf,
  findByRows,
  findBySketches,
  has,
  makeRoom,
  put,
  remove,
  scaleOf,
  select,
  sketchAll,
  vectorAt,
};

/** Sets up for rows of so many numbers; once, before anything else. False where there is no memory. */
export function open(dimensions: u32): bool {
  if (!layOut(dimensions)) return false;
  drawSigns();
  return true;
}
