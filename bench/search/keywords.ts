/**
 * Keyword search in an encrypted file, beside plain FTS5 in a bare database in the same run: how long questions of
 * eight words take, how much of FTS5's exact ten best is kept, and what the index adds to the time of a load.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { medianRatio, percentileOf, timeCalls } from "./calls.ts";
import { openFts5 } from "./fts5.ts";
import { type Line, printLines, printMachine } from "./lines.ts";
import { readOptions } from "./options.ts";
import { inWords } from "./searcher.ts";
import { measureTextLoads } from "./text-loads.ts";
import { openTexts } from "./texts.ts";
import { createWords } from "./zipf.ts";

const options = readOptions(
  `Usage: node bench/search/keywords.ts [--rows 5000] [--rounds 20] [--calls 10] [--loads 3]

  --rows N        how many texts of 1 KB; the targets are for 100000
  --vocabulary N  of how many words they are
  --rounds N      in how many rounds the sides take turns
  --calls N       how many questions each answers in a round
  --loads N       in how many rounds the stores are loaded
  --seed N        other texts and questions
  --folder PATH   where the stores are made and removed again`,
  { rows: 5_000, vocabulary: 50_000, rounds: 20, calls: 10, loads: 3, seed: 1, folder: tmpdir() },
);
const { rows: count, vocabulary, rounds, calls, loads, seed } = options;
const textCharacters = 1_024;
const questionWords = 8;
const warmUps = 2;
const [ours, plain] = ["Contextbase", "plain FTS5, OR"];

const folder = await mkdtemp(join(options.folder, "contextbase-bench-"));
try {
  printMachine();
  const words = createWords(vocabulary, seed);
  const texts = Array.from({ length: count }, () => words.text(textCharacters));
  const asked = createWords(vocabulary, seed + 1);
  const questions = Array.from({ length: (rounds + warmUps) * calls }, () => asked.question(questionWords));
  const key = randomBytes(32);
  const path = join(folder, "texts.db");
  console.error("Loads…");
  const load = await measureTextLoads({ path, key, texts, rounds: loads, question: questions[0] ?? "" });

  console.error("Questions…");
  const fts5 = openFts5(join(folder, "fts5.db"), key);
  fts5.add(texts);
  const store = await openTexts(path, key, true);
  const question = (number: number): string => questions[number] ?? "";
  const callers = [
    { name: ours, calls, call: (number: number) => store.search(question(number)) },
    { name: plain, calls, call: async (number: number) => fts5.search(question(number)) },
  ];
  const times = await timeCalls(callers, rounds, warmUps);
  let kept = 0;
  for (const question of questions) kept += fts5.keptOf(question, await store.search(question));
  await store.close();
  fts5.close();

  const full = count === 100_000;
  const spread = medianRatio(times, ours, plain);
  const slow = percentileOf(times, ours, 0.99) / percentileOf(times, plain, 0.99);
  const lines: Line[] = [
    {
      what: "question of eight words: time, p50",
      against: plain,
      value: spread.median,
      spread,
      ...(full && { most: 0.1 }),
      ours: inWords(times, ours),
      theirs: inWords(times, plain),
    },
    { what: "question of eight words: time, p99", against: plain, value: slow, ...(full && { most: 0.5 }) },
    { what: "kept of the ten best", against: plain, value: kept / questions.length, least: 0.99 },
    { ...load, ...(full && { most: 3 }) },
  ];
  printLines(lines);
} finally {
  await rm(folder, { recursive: true, force: true });
}
