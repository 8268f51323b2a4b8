import { describe, expect, it, onTestFinished } from "vitest";
import { checkFile } from "../../scripts/campaigns/check-store.ts";
import { createInProcess } from "../contract/postgres.ts";
import { engineOf, fill, key, move, newPlace, readAll } from "./fixture.ts";

describe("a move between a file and PostgreSQL", () => {
  it("[P1, P2] there and back brings everything as it is, to the last byte", async () => {
    const [source, target] = [newPlace(), newPlace(key)];
    await fill(source, 9);
    const data = await createInProcess();
    onTestFinished(data.remove);
    const through = data.engine?.();
    if (!through) throw new Error("PGlite gives no engine.");
    onTestFinished(() => through.close());
    const [from, to] = [await engineOf(source), await engineOf(target)];
    const there = await move(from, through);
    expect((await move(from, through)).map(({ moved }) => moved)).toEqual(there.map(() => 0));
    expect(await move(through, to)).toEqual(there);
    expect(await readAll(to)).toEqual(await readAll(from));
    await to.close();
    expect(checkFile(target.path)).toEqual([]);
  });
});
