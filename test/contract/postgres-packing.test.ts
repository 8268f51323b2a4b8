import { escapeIdentifier } from "pg";
import { describe, expect, it } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "../faults/postgres-schema.ts";
import { Anything } from "./components.ts";

const text = Array.from({ length: 300 }, (_, at) => `word ${(at * 7919) % 1000} and ${Math.sin(at)}`).join(
  " ",
);

describe.runIf(hasServer)(`old versions in PostgreSQL${skipped}`, () => {
  it("[K5] are packed a block at a time, a block that was left out too, and read back as they were", async () => {
    const schema = await newSchema();
    const versions = `${escapeIdentifier(schema)}.versions`;
    const owner = await connectAs("owner");
    const write = async (from: number, to: number): Promise<void> => {
      const engine = postgres({ url: urlOf("app"), schema });
      const base = await openContextbase({ engine, components: [Anything] });
      for (let turn = from; turn <= to; turn++) {
        await base.store(Anything).storeContext({ id: "a", type: "note", content: { text, turn } });
      }
      await base.close();
    };
    const wholeVersions = async (): Promise<number[]> => {
      const { rows } = await owner.query(
        `SELECT version FROM ${versions} WHERE encoding IS NULL ORDER BY version`,
      );
      return rows.map(({ version }) => Number(version));
    };

    await write(1, 100);
    expect(await wholeVersions()).toEqual([97, 98, 99]);
    const { rows } = await owner.query(
      `SELECT sum(length(body)) AS bytes FROM ${versions} WHERE version < 97`,
    );
    expect(Number(rows[0].bytes)).toBeLessThan(96 * text.length * 0.1);

    const body = JSON.stringify({ text, turn: 40 });
    await owner.query(
      `UPDATE ${versions} SET encoding = NULL, dictionary = NULL, body = NULL, content = $1, metadata = '{}'
       WHERE version = 40`,
      [body],
    );
    await write(101, 129);
    expect(await wholeVersions()).toEqual([]);

    const base = await openContextbase({
      engine: postgres({ url: urlOf("app"), schema }),
      components: [Anything],
    });
    for (let version = 1; version <= 129; version++) {
      const read = await base.store(Anything).retrieveContext("a", { version });
      expect(read?.content).toEqual({ text, turn: version });
    }
    await base.close();
  });
});
