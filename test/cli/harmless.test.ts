import { describe, expect, it } from "vitest";
import { escapeControls, harmless, harmlessLine, harmlessLines } from "../../src/cli/harmless.ts";

const hostile = "a\u001b[31m\u009b2J\u202egnol\u2066x\u2069\n\tend";

describe("what is stored, on a terminal", () => {
  it("[L1] holds no sequence that is obeyed, and nothing that turns a text around", () => {
    expect(harmless(hostile)).toBe("a·[31m·2J·gnol·x···end");
    expect(harmlessLines(hostile)).toBe("a·[31m·2J·gnol·x·\n\tend");
    expect(harmlessLine(hostile)).toBe("a [31m 2J gnol x end");
  });

  it("[L1] is the same JSON, escaped", () => {
    const escaped = escapeControls(JSON.stringify(hostile));
    expect(escaped).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(escaped)).toBe(hostile);
  });

  it("[L1] keeps every script, and the marks of direction that letters need", () => {
    const text = "שלום\u200f, مرحبا, 👩‍👩‍👧, naïve";
    expect(harmless(text)).toBe(text);
  });
});
