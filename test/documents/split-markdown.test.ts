import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitMarkdown } from "../../src/documents/split-markdown.ts";

const headings = (text: string): string[] => splitMarkdown(text).map(({ heading }) => heading.join(" > "));
const joined = (text: string): string =>
  splitMarkdown(text)
    .map((part) => part.text)
    .join("");

describe("splitting Markdown", () => {
  it("begins a section at each heading, and gives it the headings above", () => {
    const parts = splitMarkdown("# One\n\na\n\n## Two\n\nb\n\n### Three\n\n## Four\n\n# Five\n");
    expect(parts.map(({ heading, depth }) => [heading.join(" > "), depth])).toEqual([
      ["One", 1],
      ["One > Two", 2],
      ["One > Two > Three", 3],
      ["One > Four", 2],
      ["Five", 1],
    ]);
    expect(parts[1]?.text).toBe("## Two\n\nb\n\n");
  });

  it("takes what stands before the first heading as a section without one", () => {
    expect(splitMarkdown("before\n\n# One\n")).toEqual([
      { text: "before\n\n", heading: [], depth: 0 },
      { text: "# One\n", heading: ["One"], depth: 1 },
    ]);
  });

  it("keeps blank lines above the first heading with it", () => {
    expect(splitMarkdown("\n\n# One\n")).toEqual([{ text: "\n\n# One\n", heading: ["One"], depth: 1 }]);
  });

  it("makes one section of a text without headings, and none of a blank one", () => {
    expect(splitMarkdown("just a text\n")).toEqual([{ text: "just a text\n", heading: [], depth: 0 }]);
    expect(splitMarkdown("")).toEqual([]);
    expect(splitMarkdown(" \n\n")).toEqual([]);
  });

  it.each([
    ["in a fence", "```\n# no\n```\n\n# yes\n"],
    ["in a fence of tildes that holds one of backticks", "~~~md\n```\n# no\n~~~\n\n# yes\n"],
    ["in a fence that is longer inside", "````\n```\n# no\n````\n\n# yes\n"],
    ["in a fence within a list", "- item\n\n  ```\n  # no\n  ```\n\n# yes\n"],
    ["in indented code", "a\n\n    # no\n\n# yes\n"],
    ["in a comment", "<!--\n# no\n-->\n\n# yes\n"],
    ["in a quote", "> # no\n\n# yes\n"],
    ["in a list", "- # no\n\n# yes\n"],
    ["in HTML", "<div>\n# no\n</div>\n\n# yes\n"],
    ["without a space", "#no\n\n# yes\n"],
    ["of seven signs", "####### no\n\n# yes\n"],
    ["that is escaped", "\\# no\n\n# yes\n"],
  ])("takes no heading %s", (_, text) => {
    expect(headings(text).at(-1)).toBe("yes");
    expect(headings(text).join()).not.toContain("no");
    expect(joined(text)).toBe(text);
  });

  it("never closes a fence that nobody closed", () => {
    expect(headings("# one\n\n```\n# no\n\n# no\n")).toEqual(["one"]);
  });

  it("takes headings that are underlined, of several lines too", () => {
    expect(headings("One\n===\n\ntext\n\nTwo\nlines\n---\n\ntext\n\n---\n\ntext\n")).toEqual([
      "One",
      "One > Two lines",
    ]);
  });

  it("takes no front matter for a heading", () => {
    const text = "---\ntitle: Page\ntags: [a]\n---\n# One\n";
    expect(splitMarkdown(text)).toEqual([
      { text: "---\ntitle: Page\ntags: [a]\n---\n", heading: [], depth: 0 },
      { text: "# One\n", heading: ["One"], depth: 1 },
    ]);
    expect(headings("---\n\n# One\n\n---\n\n# Two\n")).toEqual(["", "One", "Two"]);
  });

  it("names a heading by what a reader sees of it", () => {
    expect(
      headings("# `code` *and* [a **link**](https://example.com) ![picture](p.png) <b>x</b> #\n"),
    ).toEqual(["code and a link  x"]);
    expect(headings("## [1.2.0][diff] - 2026\n\n[diff]: https://example.com\n")).toEqual(["1.2.0 - 2026"]);
  });

  it("keeps a text whole that nests too deep", () => {
    const text = `# one\n\n${">".repeat(50_000)}\n\n# two\n`;
    expect(splitMarkdown(text)).toEqual([{ text, heading: [], depth: 0 }]);
  });

  it("loses and adds nothing: the sections of any text, joined, are the text", () => {
    const line = fc.oneof(
      fc.constantFrom(
        ..."# a|## b|a|===|---|```|~~~|````|- x|  - y|1. z|> q|>> r|    c|\tt|<div>|</div>|<!--|-->|[a]: b|[a]:|a|b|".split(
          "|",
        ),
        "|a|b|",
        "|-|-|",
        "",
        " ",
        "\\# a",
        "# ",
        "#",
        "* * *",
        "a: b",
        "...",
        "[^n]: x",
        "a  ",
        "- [ ] t",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.replaceAll(/[\r\0]/g, "")),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.boolean(), (lines, end) => {
        const text = lines.join("\n") + (end ? "\n" : "");
        expect(joined(text)).toBe(text.trim() === "" ? "" : text);
      }),
      { numRuns: 3_000 },
    );
  });

  it("loses and adds nothing of real documents", () => {
    const root = join(import.meta.dirname, "../../node_modules");
    const files = globSync("*/*.md", { cwd: root });
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const text = readFileSync(join(root, file), "utf8").replaceAll(/\r\n?/g, "\n");
      expect(joined(text), file).toBe(text);
    }
  });
});
