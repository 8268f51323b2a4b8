import { join } from "node:path";
import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/base/limits.ts";
import { key, temporaryFolder } from "../../contract/engines.ts";

const Note = defineComponent({ name: "Note", embeddings: { dimensions: 2 } });

describe("searches of many tenants", () => {
  it("[Q3] [S5] find each tenant's own, also of more than are kept in memory", async () => {
    const base = await openContextbase({
      url: `file:${join(temporaryFolder(), "store.db")}`,
      key,
      components: [Note],
    });
    const tenants = Array.from({ length: limits.searchPartitions + 20 }, (_, n) => `tenant ${n}`);
    const storeOf = (tenant: string) => base.as({ id: "test", tenant }).store(Note);
    await Promise.all(
      tenants.map((tenant) =>
        storeOf(tenant).storeContext({
          id: "n",
          type: "t",
          content: { text: `common ${tenant}` },
          embeddings: [1, 2],
        }),
      ),
    );
    const search = (tenant: string, text: string) =>
      storeOf(tenant).searchContexts({ text, embeddings: [2, 1] });
    for (const round of [1, 2]) {
      const found = await Promise.all(tenants.map((tenant) => search(tenant, "common")));
      expect(
        found.map((hits) => hits.map(({ context }) => context.content.text)),
        `round ${round}`,
      ).toEqual(tenants.map((tenant) => [`common ${tenant}`]));
    }
    await storeOf("tenant 0").storeContext({ id: "m", type: "t", content: { text: "common again" } });
    expect(await search("tenant 0", "common")).toHaveLength(2);
    await base.close();
  });
});
