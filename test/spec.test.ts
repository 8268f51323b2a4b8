import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorTable } from "../src/base/error-table.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const behaviours = [...read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1] ?? "");

/** The ids in the brackets that a test's name begins with: `[V3]`, `[V3, C2]`. */
const citations = globSync(["test/**/*.test.ts", "src/testing/**/*.ts"], { cwd: root })
  .flatMap((file) => [
    ...read(file).matchAll(
      /\b(?:it|test|itWith\([^)]*\)|itPort)(?:\.\w+(?:\([^)]*\))?)*\(\s*[`"]\[([A-Z0-9, ]+)\]/g,
    ),
  ])
  .flatMap((match) => (match[1] ?? "").split(/, ?/));

describe("SPEC.md", () => {
  it("numbers its behaviours, each once", () => {
    expect(behaviours.length).toBeGreaterThan(10);
    expect(behaviours).toEqual([...new Set(behaviours)]);
  });

  it("every behaviour is cited by a test", () => {
    expect(behaviours.filter((id) => !citations.includes(id))).toEqual([]);
  });

  it("every citation is of a behaviour", () => {
    expect([...new Set(citations)].filter((id) => !behaviours.includes(id))).toEqual([]);
  });
});

describe("docs/errors.md", () => {
  it("tells every error with its HTTP status and exit code, and no other", () => {
    const rows = [...read("docs/errors.md").matchAll(/^\| `(\w+)` \| (\d+) \| (\d) \| (.*?) \|/gm)];
    const told = Object.fromEntries(
      rows.map(([, code = "", status, exit, meaning]) => [
        code,
        { status: Number(status), exit: Number(exit), meaning },
      ]),
    );
    expect(told).toEqual(errorTable);
  });
});
