import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scaffold } from "../../src/cli/scaffold.ts";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, root } from "./run.ts";

describe("new", () => {
  it("[L4] writes a component and a test that passes as written", async () => {
    const cwd = temporaryFolder();
    const { code, stdout } = await contextbase(["new", "CustomerOrder"], { cwd });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "customer-order.context.ts\ncustomer-order.context.test.ts\n",
    });
    symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
    const source = JSON.stringify(join(root, "src/index.ts"));
    writeFileSync(
      join(cwd, "vitest.config.mjs"),
      `export default { resolve: { alias: { contextbase: ${source} } } };`,
    );
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const ran = spawnSync(process.execPath, [vitest, "run", "--reporter=json", "--outputFile=report.json"], {
      cwd,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    expect(JSON.parse(readFileSync(join(cwd, "report.json"), "utf8")), ran.stderr).toMatchObject({
      success: true,
      numPassedTests: 4,
      numTotalTests: 4,
    });
  });

  it("writes nothing over what is there", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "plan.context.test.ts"), "mine");
    const { code, stdout, stderr } = await contextbase(["new", "Plan"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("plan.context.test.ts exists already");
    expect(readdirSync(cwd)).toEqual(["plan.context.test.ts"]);
  });

  it("refuses a name that no component can have, and suggests one", async () => {
    const { code, stderr } = await contextbase(["new", "customer-order"], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("Try: contextbase new CustomerOrder");
  });

  it("names files in kebab-case", () => {
    const file = (name: string): string | undefined => scaffold(name)[0]?.name;
    expect(["A", "HTTPRequest", "CustomerOrder2", "PlanB", "ABTest"].map(file)).toEqual([
      "a.context.ts",
      "http-request.context.ts",
      "customer-order2.context.ts",
      "plan-b.context.ts",
      "ab-test.context.ts",
    ]);
  });
});
