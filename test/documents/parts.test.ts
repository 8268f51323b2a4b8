import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idOf, nameParts } from "../../src/documents/parts.ts";
import { splitMarkdown } from "../../src/documents/split-markdown.ts";
import { limits } from "../../src/index.ts";

const names = (text: string): string[] => nameParts(splitMarkdown(text));

describe("the names of sections", () => {
  it("are the slugs of their headings, as GitHub makes them", () => {
    expect(names("before\n\n# Getting Started!\n\n## `npm start`\n\n## Über 日本\n\n## 🎉\n")).toEqual([
      "top",
      "getting-started",
      "npm-start",
      "über-日本",
      "section",
    ]);
  });

  it("tell headings that stand several times by those above, so that an added one renames no other", () => {
    const release = (version: string): string => `## ${version}\n\n### Fixed\n\n### Added\n\n`;
    const before = names(`# Changes\n\n${release("1.1.0")}${release("1.0.0")}`);
    const after = names(`# Changes\n\n${release("1.2.0")}${release("1.1.0")}${release("1.0.0")}`);
    expect(before).toContain("changes/100/fixed");
    expect(after.filter((name) => !before.includes(name))).toEqual([
      "120",
      "changes/120/fixed",
      "changes/120/added",
    ]);
    expect(before.every((name) => after.includes(name))).toBe(true);
  });

  it("are numbered where even that does not tell them apart", () => {
    expect(names("# a\n\n## b\n\n## b\n\n# top\n")).toEqual(["a", "a/b", "a/b-1", "top"]);
    expect(names("x\n\n# Top\n")).toEqual(["top", "top-1"]);
  });

  it("are unique, whatever the headings are", () => {
    const heading = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom("a", "a-1", "a/b", "b", "!", "section", "top"),
    );
    fc.assert(
      fc.property(fc.array(heading, { maxLength: 12 }), (headings) => {
        const found = names(
          `x\n\n${headings.map(([depth, text]) => `${"#".repeat(depth)} ${text}\n`).join("\n")}`,
        );
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});

describe("the id of a document", () => {
  it("begins with its source and path", () => {
    expect(idOf("docs", "guide/start.md")).toBe("docs/guide/start.md");
    expect(idOf("docs", "guide/start.md", "top")).toBe("docs/guide/start.md#top");
  });

  it("takes 512 bytes at the most, and stays its own", () => {
    const long = (end: string): string => idOf("docs", `${"é".repeat(400)}.md`, end);
    expect(Buffer.byteLength(long("a"))).toBeLessThanOrEqual(limits.idBytes);
    expect(long("a")).not.toBe(long("b"));
    expect(long("a")).toBe(long("a"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 200, maxLength: 600 }), (path) => {
        const id = idOf("s", path);
        expect(id.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(id)).toBeLessThanOrEqual(limits.idBytes);
      }),
    );
  });
});
