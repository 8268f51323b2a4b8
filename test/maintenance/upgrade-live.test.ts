import { expect, it } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { ContextbaseError } from "../../src/index.ts";
import { countOlder, upgrade } from "../../src/maintenance/upgrade.ts";
import { createNew } from "../../src/testing/engine-under-test.ts";
import { embedded, server } from "../contract/engines.ts";
import { New, note, Old } from "./upgrade-components.ts";

const seed = Date.now() % 2 ** 31;
const contexts = 3_000;
const tested = [embedded[0], server].filter((engine) => engine !== undefined);

it.each(tested)(
  `[E3] goes on while old and new programs write, and loses nothing, seed ${seed} ($name)`,
  async (engine) => {
    const random = createRandom(seed);
    const data = await createNew(engine);
    const old = (await data.open({ components: [Old] })).store(Old);
    const current = (await data.open({ components: [New] })).store(New);
    await old.storeContexts(Array.from({ length: contexts }, (_, n) => note(`c${n}`, n)));
    const owner = await data.openEngine();

    let going = true;
    /** What was added to each, and those that the old program made. */
    const added = new Map<string, number>();
    const made: string[] = [];
    const newWriter = async (): Promise<void> => {
      while (going) {
        const id = `c${random.below(contexts)}`;
        await current.updateContext(id, (draft) => {
          draft.content = { ...draft.content, n: Number(draft.content.n) + 1_000_000 };
        });
        added.set(id, (added.get(id) ?? 0) + 1_000_000);
      }
    };
    let refused = 0;
    const oldWriter = async (): Promise<void> => {
      while (going) {
        const id = `made ${made.length}`;
        await old.storeContext(note(id, made.length));
        made.push(id);
        try {
          await old.updateContext(`c${random.below(contexts)}`, (draft) => {
            draft.metadata = { touched: true };
          });
        } catch (cause) {
          if (!(cause instanceof ContextbaseError && cause.code === "newer_schema")) throw cause;
          refused++;
        }
      }
    };
    const writers = Promise.all([newWriter(), newWriter(), oldWriter()]);
    const first = await upgrade(owner, New);
    going = false;
    await writers;
    await upgrade(owner, New);
    expect(await countOlder(owner, New, {})).toBe(0);
    expect(first.failed).toBe(0);
    expect([first.upgraded > 0, refused > 0, added.size > 0, made.length > 0]).toEqual(Array(4).fill(true));
    const ids = Array.from({ length: contexts }, (_, n) => `c${n}`);
    const found = await current.retrieveContexts([...ids, ...made]);
    const numbers = found.map((context) => context?.content.n);
    expect(numbers).toEqual([
      ...ids.map((id, n) => n + 2 + (added.get(id) ?? 0)),
      ...made.map((_, n) => n + 2),
    ]);
  },
);
