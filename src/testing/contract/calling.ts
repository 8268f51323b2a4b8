import { expect, it } from "vitest";
import { ContextbaseError } from "../../index.ts";
import { Anything, Customer } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

/** What holds for every call, whatever it does. */
export const calling = (engine: EngineUnderTest): void => {
  it("[D3] an error is an instance of its component's Error and of its own class", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    const error = await base
      .store(Customer)
      .getContext("x")
      .catch((cause) => cause);
    expect(error).toBeInstanceOf(Customer.Error);
    expect(error).toBeInstanceOf(ContextbaseError);
    expect(error).not.toBeInstanceOf(Anything.Error);
    const own = new Customer.Error("context_not_found", "gone");
    expect([own.name, own.component, own.status]).toEqual(["CustomerError", "Customer", 404]);
  });

  it("a signal that fired refuses a call, and a write that waits", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(store.storeContext({ id: "a", type: "t", content: {} }, { signal })).rejects.toThrow(
      "enough",
    );
    await expect(store.retrieveContext("a", { signal })).rejects.toThrow("enough");
    const controller = new AbortController();
    const waiting = store.storeContext({ id: "a", type: "t", content: {} }, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(await store.retrieveContext("a")).toBeUndefined();
  });

  it("a closed store finishes what waits, and refuses the rest by name", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const waiting = store.storeContext({ id: "a", type: "t", content: {} });
    await base.close();
    expect(await waiting).toMatchObject({ version: 1 });
    await expect(store.retrieveContext("a")).rejects.toMatchObject({ code: "closed" });
    await expect(store.storeContext({ id: "a", type: "t", content: {} })).rejects.toMatchObject({
      code: "closed",
    });
    await base.close();
  });

  it("misspelled options and components that were not given are refused by name", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    await expect(store.listContexts({ limt: 1 } as never)).rejects.toThrow(/no option "limt"/);
    await expect(store.retrieveContext("a", { versoin: 1 } as never)).rejects.toThrow(/no option "versoin"/);
    await expect(store.retrieveContext("a", { version: 1, asOf: new Date() })).rejects.toThrow(/not both/);
    expect(() => base.as({ id: "x", tennant: "y" } as never)).toThrow(/no option "tennant"/);
    expect(() => base.store(Customer)).toThrow(/Customer/);
  });
};
