import { stopwatch } from "../../src/base/clock.ts";
import type { VectorData } from "../vectors/data.ts";
import { percentile } from "./calls.ts";
import { type Line, milliseconds } from "./lines.ts";
import { recallsOf, type Searcher } from "./searcher.ts";
import { filterOf, shares } from "./shares.ts";

const limit = 10;

/** Whether every search gives as many hits as were asked for, or as there are, and how long it takes. */
export const measureFilters = async (data: VectorData, searcher: Searcher): Promise<Line[]> => {
  const { rows, queries } = data;
  const lines: Line[] = [];
  for (const share of shares) {
    const times: number[] = [];
    let complete = 0;
    for (const [number, vector] of queries.entries()) {
      const filter = filterOf(share, number);
      const fitting = filter ? rows.filter((row) => row[filter.column] === filter.value) : rows;
      const started = stopwatch();
      const found = await searcher.search(vector, limit, filter);
      times.push(stopwatch() - started);
      const fits = found.every((at) => !filter || rows[at]?.[filter.column] === filter.value);
      if (fits && new Set(found).size === Math.min(limit, fitting.length)) complete++;
    }
    const [recall = 0] = await recallsOf(data, share, [searcher]);
    const [middle, slow] = [percentile(times, 0.5), percentile(times, 0.99)].map(milliseconds);
    lines.push(
      {
        what: `${share.name}: searches that gave all hits asked for`,
        value: complete / queries.length,
        least: 1,
        ours: `p50 ${middle}, p99 ${slow}`,
      },
      { what: `${share.name}: recall@10`, value: recall, least: 0.95 },
    );
  }
  return lines;
};
