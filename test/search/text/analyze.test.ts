import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/base/limits.ts";
import { analyze } from "../../../src/search/text/analyze.ts";

const terms = (text: string): string[] => analyze(text).map(({ term }) => term);

/** The terms of a text that a search for another one has, too. */
const shared = (text: string, query: string): string[] => {
  const asked = new Set(terms(query));
  return terms(text).filter((term) => asked.has(term));
};

describe("the terms of a text", () => {
  it("[Q5] are the same whatever its case, accents, width and ligatures", () => {
    expect(terms("CAFÉ Ｃａｆé cafe\u0301")).toEqual(["cafe", "cafe", "cafe"]);
    expect(terms("Straße Øre Łódź Æsir ﬁsh İstanbul")).toEqual([
      ...terms("STRASSE ore lodz aesir fish istanbul"),
    ]);
    expect(terms("Москва́ Ёлка")).toEqual(["москва", "елка"]);
    expect(terms("ΣΊΣΥΦΟΣ")).toEqual(terms("Σίσυφος"));
    expect(terms("मैं हिन्दी")).toEqual(["मैं", "हिन्दी"]);
  });

  it("[Q5] are stems of English words, irregular ones too", () => {
    expect(new Set(terms("run runs running ran"))).toEqual(new Set(["run"]));
    expect(new Set(terms("go goes going went gone"))).toEqual(new Set(["go"]));
    expect(new Set(terms("child children"))).toEqual(new Set(["child"]));
    expect(terms("Ada's they've don’t I'm")).toEqual(["ada", "they", "dont", "i"]);
  });

  it.each([
    ["getUserById", ["getuserbyid", "get", "user", "by", "id"]],
    ["XMLHttpRequest2", ["xmlhttprequest2", "xml", "http", "request2", "request", "2"]],
    ["ERR_DLOPEN_FAILED", ["errdlopenfail", "err", "dlopen", "fail"]],
    ["v1.2.3", ["v1.2.3", "1.2.3", "v1", "1", "2", "3"]],
    ["foo-bar", ["foobar", "foo", "bar"]],
    ["user@example.com", ["user@example.com", "user", "example.com", "exampl", "com"]],
    ["/usr/lib/x.so", ["usr/lib/x.so", "usr", "lib", "x.so", "x", "so"]],
    ["C++", ["c++", "c"]],
    ["C#", ["c#", "c"]],
    ["snake_case", ["snakecas", "snake", "case"]],
    ["std::vector", ["std::vector", "std", "vector"]],
    ["1,000", ["1000", "1", "000"]],
    ["7th", ["7th", "7"]],
    ["l'avion", ["lavion", "avion"]],
    ["MP3", ["mp3"]],
  ])("[Q5] of %s are it whole and its parts", (text, expected) => {
    expect(terms(text)).toEqual(expected);
    expect(terms(`see ${text}, please`)).toEqual(["see", ...expected, ...terms("please")]);
  });

  it("[Q5] are without the colours of a terminal, and where they stand in the text", () => {
    const text = "a \u001b[31mERROR\u001b[0m: \u001b[1;38;5;9mgetUserById\u001b[m — \u001b[2Kdone";
    expect(terms(text)).toEqual(terms("a ERROR : getUserById — done"));
    expect(analyze(text).map(({ start, end }) => text.slice(start, end))).toContain("ERROR");
  });

  it("[Q5] of a word are one where it may be divided at the end of a line", () => {
    expect(shared("co\u00adop\u00ader\u00adate", "cooperate")).toContain(terms("cooperate")[0]);
  });

  it("[Q5] of names that are joined in different ways are one", () => {
    expect(shared("get_user_by_id", "getUserById")).toContain("getuserbyid");
    expect(shared("e-mail", "email")).toEqual(["email"]);
    expect(shared("it cost $1,000", "1000")).toEqual(["1000"]);
    expect(shared("release v2.0.1", "2.0.1")).toContain("2.0.1");
  });

  it("[Q5] give a date one spelling", () => {
    const day = "7 May 2023";
    for (const spelled of [
      "May 7, 2023",
      "7th of May 2023",
      "2023-05-07",
      "1:56 pm on 7 May, 2023",
      "2023/05/07",
    ])
      expect(terms(spelled)).toContain("2023-05-07");
    expect(terms("2023-05-07T13:56:00.123Z")).toEqual(["2023-05-07", "2023-05", "--05-07", "2023", "13:56"]);
    expect(terms(day)).toContain("2023-05");
    expect(shared("in May 2023", day)).toContain("2023-05");
    expect(shared("2023-05", "May 2023")).toContain("2023-05");
    expect(shared("on May 7th", day)).toContain("--05-07");
    expect(terms("sept. 3, 1999")).toContain("1999-09-03");
  });

  it("[Q5] see no date where none is named", () => {
    for (const text of ["2023-13-01", "32 May", "may 70", "maybe 7 2023", "1-2", "a 2023-05-071"])
      expect(
        terms(text).filter((term) => /^(\d{4}|-)-\d\d(-\d\d)?$/.test(term) && term !== text.toLowerCase()),
      ).toEqual([]);
  });

  it("[Q5] of scripts without spaces are letters, and two in a row", () => {
    expect(terms("東京都")).toEqual(["東京", "東", "京都", "京", "都"]);
    expect(shared("私は東京都に行く", "京都")).toContain("京都");
    expect(terms("ｶﾞ")).toEqual(terms("ガ"));
    expect(shared("ภาษาไทย", "ไทย")).toContain("ไท");
    expect(terms("iPhoneを使う")).toContain("iphon");
    expect(terms("nice 🎉!")).toEqual(["nice", "🎉"]);
  });

  it("[Q5] stand in their text, in the order of their positions, and are no longer than the limit", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 80 }),
      fc.string({ unit: "binary", maxLength: 80 }),
      fc
        .array(
          fc.constantFrom("a", "Bc", "9", "_", ".", "-", "'", "/", " ", "é", "東", "😀", "7 May 2023", "C++"),
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (written) => {
        const tokens = analyze(written);
        let position = 0;
        for (const token of tokens) {
          expect(token.start).toBeGreaterThanOrEqual(0);
          expect(token.end).toBeGreaterThan(token.start);
          expect(token.end).toBeLessThanOrEqual(written.length);
          expect(token.position).toBeGreaterThanOrEqual(position);
          expect(Buffer.byteLength(token.term)).toBeLessThanOrEqual(limits.termBytes);
          position = token.position;
        }
        expect(new Set(tokens.map((token) => `${token.position} ${token.term}`)).size).toBe(tokens.length);
        expect(analyze(written)).toEqual(tokens);
      }),
      { numRuns: 300 },
    );
  });

  it("[Q5] of two lines are those of the one and of the other", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(line, line, (first, second) => {
        expect(terms(`${first}\n|\n${second}`)).toEqual([...terms(first), ...terms(second)]);
      }),
    );
  });

  it("[Q5] of a large text of one kind come at once, whatever it is", () => {
    for (const part of [
      "a.",
      "x",
      "東",
      "aB1",
      "may 7 2023 ",
      "'",
      "1,",
      "é",
      "Ab_",
      "a:b@",
      "\u0301",
      "?",
    ]) {
      const tokens = analyze(part.repeat(20_000));
      expect(tokens.length).toBeLessThan(200_000);
    }
    expect(terms(`${"word ".repeat(300_000)} 7 May 2023`)).toContain("2023-05-07");
    expect(terms("x".repeat(10_000))).toEqual(["x".repeat(limits.termBytes)]);
    expect(Buffer.byteLength(terms("д".repeat(10_000))[0] ?? "")).toBe(limits.termBytes);
  });
});
