import { expect, it } from "vitest";
import { type ComponentDefinition, ContextbaseError, defineComponent, type JsonSchema } from "../../index.ts";
import { createNew, type DataOfTest, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";

const closed = (properties: JsonSchema, required: readonly string[] = []): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const plans = (...names: string[]): JsonSchema => closed({ plan: { enum: names } }, ["plan"]);

const account = (schemaVersion: number, schema: JsonSchema, more: Partial<ComponentDefinition> = {}) =>
  defineComponent({ name: "Account", types: { account: schema }, schemaVersion, ...more });

const free = { id: "a", type: "account", content: { plan: "free" } } as const;

/** The error that opening ends with; undefined where it opens. */
const refusal = async (
  data: DataOfTest,
  component: ReturnType<typeof account>,
): Promise<ContextbaseError | undefined> => {
  try {
    await (await data.open({ components: [component] })).close();
    return undefined;
  } catch (error) {
    if (error instanceof ContextbaseError && error.code === "incompatible_schema") return error;
    throw error;
  }
};

const opened = async (data: DataOfTest, ...components: ReturnType<typeof account>[]): Promise<void> => {
  for (const component of components) expect((await refusal(data, component))?.message).toBeUndefined();
};

/** What becomes of a component as its schemas change. */
export const schemas = (engine: EngineUnderTest): void => {
  const itReopens = itWith(engine, "reopens");

  it("[E1] a component of any compatibility opens a new store", async () => {
    const base = await openNew(engine, [account(7, plans("free"), { compatibility: "full-transitive" })]);
    expect([...base.components.keys()]).toEqual(["Account"]);
  });

  itReopens(
    "[E1] a schema that changed under the same schemaVersion is refused, with each difference",
    async () => {
      const data = await createNew(engine);
      await opened(data, account(1, plans("free", "pro")));
      const error = await refusal(data, account(1, plans("free", "pro", "team")));
      expect(error).toMatchObject({ component: "Account", retryable: false });
      expect(error?.message).toMatch(
        /schemaVersion is 1 as before: account: content\.plan: .*"team".*Raise schemaVersion to 2/,
      );
      expect(error?.details).toMatchObject({
        schemaVersion: 1,
        noted: 1,
        differences: [{ type: "account", path: "content.plan", kind: "enum", breaks: "forward" }],
      });
      expect(await refusal(data, account(1, plans("free")))).toBeDefined();
      await opened(data, account(1, plans("free", "pro")), account(2, plans("free", "pro", "team")));
    },
  );

  itReopens("[E1] the same schema in other words is no change", async () => {
    const data = await createNew(engine);
    const described = { ...plans("pro", "free"), title: "Account", description: "Who pays" };
    const referring = { $ref: "#/$defs/it", $defs: { it: plans("free", "pro") } };
    await opened(
      data,
      account(1, plans("free", "pro")),
      account(1, described),
      account(1, { type: "object", ...referring }),
    );
  });

  itReopens(
    "[E1] what takes all that was taken opens; what does not is refused, until an upgrade lifts it",
    async () => {
      const data = await createNew(engine);
      const first = account(1, plans("free", "pro"));
      const base = await data.open({ components: [first] });
      await base.store(first).storeContext(free);
      await base.close();
      const narrow = plans("basic", "pro");
      const error = await refusal(data, account(2, narrow));
      expect(error?.message).toMatch(
        /Account of schemaVersion 2 does not go with 1 by the compatibility "backward-transitive"/,
      );
      expect(error?.details.differences).toHaveLength(1);
      const upgrades = {
        2: {
          account: ({ content }: { content: JsonSchema }) => ({ content: { ...content, plan: "basic" } }),
        },
      };
      const second = account(2, narrow, { upgrades });
      const lifted = await data.open({ components: [second] });
      expect((await lifted.store(second).retrieveContext("a"))?.content).toEqual({ plan: "basic" });
      await lifted.close();
      // An upgrade of another type is none.
      expect(
        await refusal(
          data,
          account(3, plans("pro"), { upgrades: { 2: {}, 3: { other: upgrades[2].account } } }),
        ),
      ).toBeDefined();
    },
  );

  itReopens("[E1] transitive looks at every version before, otherwise the last one counts", async () => {
    const data = await createNew(engine);
    await opened(data, account(1, plans("a", "b")), account(2, plans("b"), { compatibility: "none" }));
    const error = await refusal(data, account(3, plans("b", "c")));
    expect(error?.details).toMatchObject({ noted: 1, compatibility: "backward-transitive" });
    await opened(data, account(3, plans("b", "c"), { compatibility: "backward" }));
  });

  itReopens("[E1] forward and full look at what old programs read", async () => {
    const data = await createNew(engine);
    await opened(data, account(1, closed({ a: { type: "string" }, b: { type: "string" } })));
    const more = closed({ a: { type: "string" }, b: { type: "string" }, c: { type: "string" } });
    for (const compatibility of ["forward", "full"] as const) {
      const error = await refusal(data, account(2, more, { compatibility }));
      expect(error?.details.differences).toMatchObject([{ path: "content.c", breaks: "forward" }]);
    }
    await opened(data, account(2, closed({ a: { type: "string" } }), { compatibility: "forward" }));
  });

  itReopens("[E1] types and metadata count; a type may come, and types may be given up", async () => {
    const data = await createNew(engine);
    const types = { account: plans("free"), note: closed({}) };
    await opened(data, account(1, plans("free"), { metadata: closed({ source: { type: "string" } }) }));
    const metadata = closed({ source: { type: ["string", "null"] } });
    const withNote = defineComponent({ name: "Account", types, metadata, schemaVersion: 2 });
    expect((await refusal(data, withNote as never))?.message).toBeUndefined();
    const gone = await refusal(data, account(3, plans("free"), { metadata }));
    expect(gone?.details.differences).toMatchObject([{ type: "note", path: "type", kind: "types" }]);
    const tight = defineComponent({ name: "Account", types, metadata: closed({}), schemaVersion: 3 });
    expect((await refusal(data, tight as never))?.details.differences).toMatchObject(
      [{ path: "metadata.source", kind: "additionalProperties" }, { path: "metadata.source" }].slice(0, 1),
    );
    const open = defineComponent({ name: "Account", schemaVersion: 3 });
    expect((await refusal(data, open as never))?.message).toBeUndefined();
    expect((await refusal(data, account(4, plans("free"))))?.details.differences).toMatchObject([
      { path: "type" },
    ]);
  });

  itReopens(
    "[E1] a program of an earlier schema version opens the store, and takes nothing back",
    async () => {
      const data = await createNew(engine);
      const [first, second] = [account(1, plans("free")), account(2, plans("free", "pro"))];
      await opened(data, first, second, first, second);
      // What comes between is compared with both.
      const third = account(4, plans("free", "pro", "team"));
      await opened(data, third, account(3, plans("free", "pro", "team")));
      expect((await refusal(data, account(1, plans("free", "pro"))))?.details).toMatchObject({ noted: 1 });
    },
  );

  itWith(engine, "port")("[E1] every schema version that a component had is kept", async () => {
    const data = await createNew(engine);
    const versions = [account(1, plans("free")), account(2, plans("free", "pro"))] as const;
    await opened(data, ...versions, versions[0]);
    const port = await data.openEngine();
    const noted = (await port.schemaVersions()).map(({ description }) => JSON.parse(description));
    expect(noted).toEqual(versions.map((component) => component.describe()));
    expect((await port.components()).map(({ schemaVersion }) => schemaVersion)).toEqual([2]);
  });
};
