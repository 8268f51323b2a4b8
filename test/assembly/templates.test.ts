import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentText } from "../../src/assembly/content-text.ts";
import { checkTemplate, renderWith, type TemplateItem } from "../../src/assembly/template.ts";
import { templates } from "../../src/assembly/templates.ts";
import { canonicalJson } from "../../src/base/canonical-json.ts";

const item = (text: string, id = "a", type = "note"): TemplateItem => {
  const at = new Date("2026-01-31T12:00:00Z");
  const content = { text };
  return {
    component: "Note",
    id,
    type,
    version: 3,
    content,
    metadata: {},
    createdAt: at,
    updatedAt: at,
    text,
  };
};

const texts = fc.string({ unit: "binary", maxLength: 200 }).filter((text) => text.isWellFormed());
const hostile = fc.oneof(
  texts,
  fc
    .array(
      fc.constantFrom("</context>", "<context", "</contexts>", '"', ">", "&lt;", "]]>", "\n", "id=", "<!--"),
    )
    .map((parts) => parts.join("")),
);

describe("templates.xml", () => {
  it("[Q8] writes each context as an element that says what it is", () => {
    expect(templates.xml.render([item("Tom & Jerry <3")])).toBe(
      "<contexts>\n" +
        '<context component="Note" type="note" id="a" version="3" updated="2026-01-31T12:00:00.000Z">\n' +
        "Tom &amp; Jerry &lt;3\n" +
        "</context>\n" +
        "</contexts>\n",
    );
  });

  it("[Q8] lets no stored text close an element, open another one, or leave its attribute", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile, hostile), { maxLength: 4 }), (stored) => {
        const items = stored.map(([text, id, type]) => item(text, id, type));
        const text = templates.xml.render(items);
        const tags = text.match(/<[^>]*>/g) ?? [];
        const each = ["<context>", "</context>"];
        expect(tags.map((tag) => tag.replace(/ .*/, ">"))).toEqual([
          "<contexts>",
          ...items.flatMap(() => each),
          "</contexts>",
        ]);
        const opening = /^<context( \w+="[^"<>\p{Cc}\u2028\u2029]*"){5}>$/u;
        for (const tag of tags.filter((tag) => tag.startsWith("<context "))) expect(tag).toMatch(opening);
      }),
    );
  });
});

describe("templates.plain", () => {
  it("[Q8] writes each context below a line that says what it is", () => {
    expect(templates.plain.render([item("One."), item("Two.", "b")])).toBe(
      '[Note "a", version 3, 2026-01-31]\nOne.\n\n[Note "b", version 3, 2026-01-31]\nTwo.\n',
    );
  });
});

describe("a template of the caller's own", () => {
  it("[Q8] is refused by name where it gives a promise, whose rejection is nobody else's to handle", async () => {
    const late: unknown = { name: "late", version: 1, render: () => Promise.reject(new Error("late")) };
    const template = checkTemplate(late, "template");
    expect(() => renderWith(template, [])).toThrow('The template "late" gave a promise');
    // A rejection that nobody handles would be told by now, and fail the run.
    await setImmediate();
  });
});

describe("the text of a content", () => {
  it("[Q8] is its only string, or a line for each property", () => {
    expect(contentText({ text: "a\nb" })).toBe("a\nb");
    expect(contentText({ name: "Ada", plan: "pro", seats: 3, tags: ["x"] })).toBe(
      'name: Ada\nplan: pro\nseats: 3\ntags: ["x"]',
    );
    expect(contentText({})).toBe("");
  });
});

describe("canonical JSON", () => {
  it("[Q8] is the same for values that are equal, whatever the order of their names", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "ü" }], a: undefined, "": new Date(0) })).toBe(
      '{"":"1970-01-01T00:00:00.000Z","b":[1,{"c":"ü","d":null}]}',
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
