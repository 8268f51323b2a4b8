import { expect } from "vitest";
import type { ModelWrite } from "./model.ts";
import type { Body, Run, Who } from "./operations.ts";
import type { Sides } from "./sides.ts";
import { outcomeOf, plain, toldBy } from "./told.ts";

/** Does an operation that writes on both sides, and compares what they answer. */
export const createWriting = ({ clock, model, nameOf, actorOf, storeOf, writeId }: Sides) => {
  const told = toldBy(model);

  /** The version to name: none, or so many above the current one. */
  const versionFor = (who: Who, id: string, above: number | undefined): number | undefined => {
    if (above === undefined) return undefined;
    const current = model.history(who.tenant, nameOf(who), id)[0]?.version ?? 0;
    return Math.max(1, current + above);
  };

  const storeBoth = async (
    who: Who,
    body: Body,
    version?: number | undefined,
    given?: number | undefined,
  ): Promise<void> => {
    const { options, id: write } = writeId(given);
    const { id } = who;
    const real = await outcomeOf(async () =>
      plain(await storeOf(who).storeContext({ id, ...body, version }, options)),
    );
    const one: ModelWrite = { component: nameOf(who), id, body, version };
    expect(real).toEqual(told.one(model.commit(actorOf(who), [one], clock(), write)));
  };

  const store: Run<"store"> = ({ who, body, named, write }) =>
    storeBoth(who, body, versionFor(who, who.id, named), write);

  /** What was read can be stored again, and is then the next version. */
  const again: Run<"again"> = async ({ who }) => {
    const read = plain(await storeOf(who).retrieveContext(who.id));
    if (!read) return;
    const { type, content, embeddings, metadata, version } = read;
    await storeBoth(who, { type, content, embeddings, metadata } as Body, version + 1);
  };

  const batch: Run<"batch"> = async ({ who, items, write: given }) => {
    const { options, id: write } = writeId(given);
    const versioned = items.map(({ id, body, named }) => ({
      id,
      body,
      version: versionFor(who, id, named),
    }));
    const real = await outcomeOf(async () => {
      const inputs = versioned.map(({ id, body, version }) => ({ id, ...body, version }));
      return (await storeOf(who).storeContexts(inputs, options)).map(plain);
    });
    const writes = versioned.map((one): ModelWrite => ({ component: nameOf(who), ...one }));
    expect(real).toEqual(told.batch(model.commit(actorOf(who), writes, clock(), write)));
  };

  const remove: Run<"delete"> = async ({ who, named, write: given }) => {
    const version = versionFor(who, who.id, named);
    const { options, id: write } = writeId(given);
    const real = await outcomeOf(() => storeOf(who).deleteContext(who.id, { ...options, version }));
    const one: ModelWrite = { component: nameOf(who), id: who.id, body: undefined, version };
    expect(real).toEqual(told.deletion(model.commit(actorOf(who), [one], clock(), write)));
  };

  const update: Run<"update"> = async ({ who, body, write: given }) => {
    const { tenant, id } = who;
    const current = model.read(tenant, nameOf(who), id);
    const { options, id: write } = writeId(given);
    // [C2] What an update under a used write id gives is compared by the contract tests, not here.
    if (model.find(tenant, write)) return;
    const real = await outcomeOf(async () =>
      plain(await storeOf(who).updateContext(id, () => ({ id, ...body }), options)),
    );
    if (!current) return expect(real).toBe("context_not_found");
    const one: ModelWrite = { component: nameOf(who), id, body, version: current.version + 1 };
    expect(real).toEqual(told.one(model.commit(actorOf(who), [one], clock(), write)));
  };

  const burst: Run<"burst"> = async ({ who, body, count }) => {
    for (let n = 0; n < count; n++) await storeBoth(who, { ...body, metadata: { n } });
  };

  return { store, again, batch, delete: remove, update, burst };
};
