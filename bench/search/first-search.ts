/**
 * Opens a store of items and searches it once by vector, in a process of its own: what `node vectors.ts` starts.
 * Prints, as JSON, the milliseconds from the call that opens until the hits are there, and how many there are.
 *
 * Usage: CONTEXTBASE_KEY=… node bench/search/first-search.ts URL DIMENSIONS
 */
import { stopwatch } from "../../src/base/clock.ts";
import { seeded } from "../text.ts";
import { openSearcher } from "./contextbase.ts";

const [url = "", dimensions = ""] = process.argv.slice(2);
const vector = Float32Array.from({ length: Number(dimensions) }, seeded(1)).map((value) => value - 0.5);

const started = stopwatch();
const searcher = await openSearcher(url, undefined, Number(dimensions));
const opened = stopwatch() - started;
const hits = (await searcher.search(vector, 10)).length;
const searched = stopwatch() - started;
await searcher.close();
console.log(JSON.stringify({ opened, searched, hits }));
