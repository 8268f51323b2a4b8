import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

const configuration = (folder: string, component: string): void =>
  writeFileSync(
    join(folder, "contextbase.config.ts"),
    `import { defineComponent, defineConfig } from "contextbase";
const plans = (...names: string[]) => ({
  type: "object", properties: { plan: { enum: names } }, required: ["plan"], additionalProperties: false,
});
export default defineConfig({ components: [defineComponent({ name: "Account", ${component} })] });
`,
  );

const first = `types: { account: plans("free", "pro") }`;
const narrow = `types: { account: plans("pro") }, schemaVersion: 2`;

const filled = async (): Promise<string> => {
  const cwd = temporaryFolder();
  configuration(cwd, first);
  const input = ["free", "pro"]
    .map((plan) => JSON.stringify({ component: "Account", id: "a", type: "account", content: { plan } }))
    .join("\n");
  const { code, stderr } = await contextbase(["import", "-"], { cwd, input });
  expect(code, stderr).toBe(0);
  return cwd;
};

it("[E1] check tries schemas and upgrades on every stored version, and writes nothing", async () => {
  const cwd = await filled();
  const run = (...words: string[]) => contextbase(["check", ...words], { cwd });
  const same = await run();
  expect([same.code, same.stdout]).toEqual([
    0,
    "Account 1 (backward-transitive)\n  the same: schemaVersion 1\n  2 of 2 stored versions fit\n",
  ]);

  configuration(cwd, narrow);
  const broken = await run("Account");
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain(
    'incompatible: schemaVersion 1\n    account: content.plan: schemaVersion 1 takes "free", schemaVersion 2 does not [enum]\n' +
      "  1 of 2 stored versions fit\n",
  );
  expect(broken.stdout).toMatch(/^Account\tdefault\ta\t1\t1\tcontent\.plan\t.+$/m);
  const schemas = await run("--schemas-only", "--json");
  expect(schemas.code).toBe(1);
  expect(linesOf(schemas.stdout)).toMatchObject([
    { component: "Account", noted: [{ status: "incompatible" }] },
  ]);
  expect(linesOf(schemas.stdout)[0]).not.toHaveProperty("versions");
  expect((await contextbase(["get", "Account", "a"], { cwd })).stderr).toContain("[incompatible_schema]");

  const upgrade = `upgrades: { 2: { account: ({ content }) => ({ content: { plan: content.plan === "free" ? "MEND" : "pro" } }) } }`;
  configuration(cwd, `${narrow}, ${upgrade}`);
  const wrong = await run("--json");
  expect(wrong.code).toBe(1);
  expect(linesOf(wrong.stdout)).toMatchObject([
    {
      noted: [{ schemaVersion: 1, status: "upgraded" }],
      ...{ versions: 2, failed: 1, failures: [{ tenant: "default", id: "a", version: 1, schemaVersion: 1 }] },
    },
  ]);
  configuration(cwd, `${narrow}, ${upgrade.replace("MEND", "pro")}`);
  expect((await run()).code).toBe(0);

  // Nothing was noted meanwhile.
  configuration(cwd, `types: { account: plans("free", "pro", "team") }, schemaVersion: 2`);
  expect((await run()).stdout).toContain("compatible: schemaVersion 1\n");
  const unknown = await run("Nothing");
  expect(unknown.stderr).toMatch(/no component "Nothing"/);
});
