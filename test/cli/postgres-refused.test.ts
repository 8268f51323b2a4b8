import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { appUrl, newPlace, onServer, run } from "./postgres-place.ts";
import { root } from "./run.ts";

onServer("the command line on PostgreSQL says at once, and without a password, what is wrong:", () => {
  const told = async (url: string): Promise<string> => {
    const env = { CONTEXTBASE_URL: url, PGPASSWORD: "", PGPASSFILE: join(root, "none") };
    const { code, stdout, stderr } = await run(["list", "Document"], { cwd: temporaryFolder(), env });
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    return stderr;
  };
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(appUrl);
    change(url);
    return url.href;
  };

  it("also where CONTEXTBASE_DEBUG shows the stack", async () => {
    const cwd = temporaryFolder();
    const urls = [changed((url) => (url.password = "seCret")), "postgres://u:seCret@127.0.0.1:1/x"];
    for (const url of urls) {
      const env = { CONTEXTBASE_URL: url, CONTEXTBASE_DEBUG: "1" };
      expect((await run(["list", "Document"], { cwd, env })).stderr).toContain("    at ");
    }
  });

  it("there are no tables", async () => {
    expect(await told(newPlace().app.CONTEXTBASE_URL ?? "")).toMatch(/contextbase update .*\[not_a_store\]/);
  });

  it("a password is wrong, or there is none", async () => {
    const [wrong, none] = [
      changed((url) => (url.password = "seCret")),
      changed((url) => (url.password = "")),
    ];
    expect(await told(wrong)).toMatch(/refuses this user or its password .*\[storage_unavailable\]/);
    expect(await told(none)).toMatch(/PGPASSWORD or in ~\/\.pgpass .*\[storage_unavailable\]/);
  });

  it("there is no such database", async () => {
    const url = changed((url) => (url.pathname = "/no_such_database"));
    expect(await told(url)).toMatch(/names a database that does not exist.*\[storage_unavailable\]/);
  });

  it("there is no server, or one that does not speak", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const urls = [`postgres://u:seCret@127.0.0.1:1/x`, `postgres://u:seCret@127.0.0.1:${port}/x`];
    for (const url of urls) expect(await told(url)).toMatch(/cannot be reached.*\[storage_unreachable\]/);
  });

  it.each([
    ["postgre://u:seCret@127.0.0.1/x", '"postgre://127.0.0.1/x" names no store'],
    ["postgres:u:seCret@127.0.0.1/x", '"postgres:127.0.0.1/x" names no store'],
    ["postgre://u:a/seCret@b@127.0.0.1/x?password=seCret", '"postgre://127.0.0.1/x" names no store'],
    ["postgres://u:1/seCret@127.0.0.1/x", "percent-encode what is special"],
    ["postgres://u:seCret@127.0.0.1:99999/x", "percent-encode what is special"],
  ])("%s is mistyped", async (url, message) => {
    expect(await told(url)).toContain(message);
  });
});
