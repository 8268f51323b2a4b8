import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** The rooms, each with those that its files may import from beside its own. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  base: [],
  monitoring: ["base"],
  model: ["base", "monitoring"],
  versioning: ["base", "model"],
  search: ["base", "model"],
  engine: ["base", "model", "versioning", "search"],
  security: ["base", "model", "engine"],
  store: ["base", "model", "monitoring", "versioning", "search", "engine", "security"],
  assembly: ["base", "model", "search", "store"],
  maintenance: ["base", "model", "engine", "store"],
  documents: ["base", "model", "store"],
  server: ["base", "model", "versioning", "store", "assembly"],
  cli: [
    "base",
    "model",
    "versioning",
    "engine",
    "security",
    "store",
    "assembly",
    "maintenance",
    "documents",
    "server",
    "open.ts",
    "update.ts",
    "index.ts",
  ],
  testing: ["index.ts"],
  "update.ts": ["engine"],
  "open.ts": ["base", "model", "engine", "security", "store", "assembly"],
  "index.ts": [
    "base",
    "model",
    "monitoring",
    "versioning",
    "search",
    "engine",
    "security",
    "store",
    "assembly",
    "documents",
    "cli",
    "open.ts",
  ],
};

/** The rooms of an engine, the same in both. */
const engineOrder = [
  "options",
  "layout",
  "connection",
  "indexing",
  "reading",
  "pruning",
  "changes",
  "writing",
  "rewriting",
  "as-of",
  "finding",
  "mirror",
  "search",
  "opening",
  "session.ts",
  "index.ts",
];

/** What is within a room, in an order in which each imports only from those before it. */
const orders: Readonly<Record<string, readonly string[]>> = {
  "src/engine": [
    "port",
    "engine.ts",
    "is-postgres.ts",
    "size.ts",
    "to-indexing.ts",
    "fused-candidates.ts",
    "unless-aborted.ts",
    "versions",
    "finding",
    "in-memory",
    "as-of",
    "sqlite",
    "postgres",
  ],
  "src/engine/sqlite": engineOrder,
  "src/engine/sqlite/search": [
    "store",
    "file",
    "text",
    "partition",
    "answering",
    "messages.ts",
    "following.ts",
    "search-thread.ts",
    "search-client.ts",
    "inline-search.ts",
    "near-search.ts",
    "searches.ts",
  ],
  "src/engine/postgres": engineOrder,
};

const entries = [
  "src/index.ts",
  "src/cli/main.ts",
  "src/server/index.ts",
  "src/engine/sqlite/index.ts",
  "src/testing/index.ts",
];

const files = globSync("src/**/*.ts", { cwd: root });
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));

const roomOf = (file: string): string => relative("src", file).split("/")[0] ?? "";

const matches = (file: string, pattern: RegExp): string[] =>
  [...(sources.get(file) ?? "").matchAll(pattern)].map((match) => join(dirname(file), match[1] ?? ""));

/** What a file imports, types too. */
const importsOf = (file: string): string[] => matches(file, /(?:from|import\(|import)\s*"(\.[^"]+)"/g);

/** The files that a file starts threads from. */
const threadsOf = (file: string): string[] =>
  matches(file, /threadFile\("([\w-]+)"\)/g).map((thread) => `${thread}.ts`);

describe("tidy", () => {
  it("every room is known", () => {
    expect(files.map(roomOf).filter((room) => !(room in rooms))).toEqual([]);
  });

  it("imports point one way", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((imported) => roomOf(imported) !== roomOf(file))
        .filter((imported) => !rooms[roomOf(file)]?.includes(roomOf(imported)))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(wrong).toEqual([]);
  });

  it("what is within a room imports one way, too", () => {
    const wrong = Object.entries(orders).flatMap(([folder, order]) => {
      const isWithin = (file: string): boolean => file.startsWith(`${folder}/`);
      const placeOf = (file: string): number => order.indexOf(relative(folder, file).split("/")[0] ?? "");
      const within = files.filter(isWithin);
      return [
        ...within.filter((file) => placeOf(file) < 0).map((file) => `${file} has no place in the order`),
        ...within.flatMap((file) =>
          importsOf(file)
            .filter((imported) => isWithin(imported) && placeOf(imported) > placeOf(file))
            .map((imported) => `${file} imports ${imported}`),
        ),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it("an engine is imported only where a store is put together", () => {
    const engineOf = (file: string): string | undefined =>
      /^src\/engine\/(?:sqlite|postgres)\//.exec(file)?.[0];
    const wrong = files.filter(
      (file) =>
        !["src/open.ts", "src/update.ts"].includes(file) &&
        importsOf(file).some((to) => engineOf(to) !== undefined && engineOf(to) !== engineOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it("no file imports itself by a detour", () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      if (trail.includes(file) || done.has(file)) return;
      for (const next of importsOf(file)) walk(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(cycles).toEqual([]);
  });

  it("no file is dead", () => {
    const alive = new Set<string>();
    const visit = (file: string): void => {
      if (alive.has(file)) return;
      alive.add(file);
      [...importsOf(file), ...threadsOf(file)].forEach(visit);
    };
    entries.forEach(visit);
    expect(files.filter((file) => !alive.has(file))).toEqual([]);
  });

  it("time, chance and ids come from base alone", () => {
    const wrong = files.filter(
      (file) =>
        roomOf(file) !== "base" &&
        /Date\.now|Math\.random|randomUUID|performance\.now/.test(sources.get(file) ?? ""),
    );
    expect(wrong).toEqual([]);
  });

  it("no file grows past 200 lines, and most stay under 120", () => {
    const lengths = [...sources].map(([file, text]) => ({ file, lines: text.split("\n").length }));
    expect(lengths.filter(({ lines }) => lines > 200)).toEqual([]);
    expect(lengths.filter(({ lines }) => lines <= 120).length).toBeGreaterThan(lengths.length * 0.8);
  });
});
