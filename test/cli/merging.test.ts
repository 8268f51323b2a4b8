import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase } from "./run.ts";

describe("put --on-conflict", () => {
  it("[V9] merges a version that came too late, or shows all sides of what it cannot", async () => {
    const cwd = temporaryFolder();
    const put = (metadata: object, ...options: string[]) =>
      contextbase(
        [
          "put",
          "Document",
          "a",
          '{"text":"x"}',
          "--type",
          "section",
          "--metadata",
          JSON.stringify(metadata),
          ...options,
        ],
        { cwd },
      );
    await put({ title: "one" });
    await put({ title: "two" });
    const late = ["--version", "2", "--on-conflict", "merge"];
    expect(await put({ title: "one", by: "me" }, ...late)).toEqual({
      code: 0,
      stdout: 'Document "a" is version 3, merged with what came since version 1.\n',
      stderr: "",
    });
    const left = await put({ title: "three" }, ...late);
    expect(left).toMatchObject({ code: 1, stdout: "" });
    expect(left.stderr).toMatch(
      /^metadata\.title\n {2}base {4}"one"\n {2}yours {3}"three"\n {2}theirs {2}"two"\nerror: .*both sides changed metadata\.title.*\[merge_conflict\]\n$/,
    );
    const wrong = await put({ title: "x" }, "--on-conflict", "win");
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toContain("fail, merge");
  });
});
