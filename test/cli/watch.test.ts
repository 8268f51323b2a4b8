import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, finish, linesOf, start, waitFor } from "./run.ts";

const put = (cwd: string, ...ids: readonly string[]) => {
  const lines = ids.map((id) => JSON.stringify({ id, type: "section", content: { text: id } }));
  return contextbase(["import", "-", "--component", "Document"], { cwd, input: lines.join("\n") });
};

it("[C5] watch tells what another process writes, and where to go on once it is stopped", async () => {
  const cwd = temporaryFolder();
  await put(cwd, "before");
  const child = start("bin/contextbase.js", ["watch", "Document", "--json"], { cwd });
  const whole = waitFor(child.stderr, /To go on: --after (\d+)\n/);
  await waitFor(child.stderr, /Watching .* from position 1\. Ctrl-C ends it\.\n/);
  const told = waitFor(child.stdout, /^(\{.*\})\n/);
  await put(cwd, "a");
  const [, change = ""] = await told;
  expect(JSON.parse(change)).toMatchObject({ position: 2, id: "a", operation: "store", version: 1 });
  child.kill("SIGINT");
  expect((await finish(child)).code).toBe(0);
  expect((await whole)[1]).toBe("2");
  await put(cwd, "b");
  const rest = await contextbase(["watch", "--after", "2", "--no-follow", "--json"], { cwd });
  expect(linesOf(rest.stdout).map(({ id }) => id)).toEqual(["b"]);
});

it("[C5] watch tells what there is, for people and for programs", async () => {
  const cwd = temporaryFolder();
  await put(cwd, "a", "b\u001b[31m");
  const text = await contextbase(["watch", "--no-follow"], { cwd });
  expect(text).toMatchObject({ code: 0, stderr: "To go on: --after 2\n" });
  const line =
    /^\S+Z\tstore\tDocument\/a\tv1\tsection\t\S.*\n\S+Z\tstore\tDocument\/b·\[31m\tv1\tsection\t\S.*\n$/;
  expect(text.stdout).toMatch(line);
  const none = await contextbase(["watch", "--no-follow", "--type", "file"], { cwd });
  expect(none).toMatchObject({ code: 0, stdout: "" });
  const expired = await contextbase(["watch", "--after", "9"], { cwd });
  expect(expired).toMatchObject({ code: 1, stdout: "" });
  expect(expired.stderr).toContain("[position_expired]");
  expect((await contextbase(["watch", "--after", "x"], { cwd })).code).toBe(2);
  expect((await contextbase(["watch", "Nothing"], { cwd })).code).toBe(1);
});

it("[C5] watch ends quietly where nobody reads on", async () => {
  const cwd = temporaryFolder();
  await put(cwd, ...Array.from({ length: 1_000 }, (_, n) => `${n} ${"x".repeat(200)}`));
  const child = start("bin/contextbase.js", ["watch", "--after", "0"], { cwd });
  const said = new Promise<string>((resolve) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once("close", (code) => resolve(`${code} ${text}`));
  });
  child.stdout?.once("data", () => child.stdout?.destroy());
  expect(await said).toMatch(/^0 Watching .*\n$/);
});
