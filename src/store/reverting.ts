import { checkId, checkOptions, checkSignal, checkWhole } from "../base/arguments.ts";
import type { Clock } from "../base/clock.ts";
import { ContextbaseError, ContextNotFoundError } from "../base/errors.ts";
import type { ContextKey, StoredContext } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";
import { decodeContext, writtenContext } from "./decode.ts";
import { createEarlierWrites } from "./earlier-write.ts";
import type { StoringServices } from "./storing.ts";
import { write } from "./writes.ts";

export type Reverting<C extends Component> = Pick<ContextStore<C>, "revertContext">;

export type RevertingServices = Omit<StoringServices, "turns"> & { readonly clock: Clock };

/** The part of a context store that goes back. */
export const createReverting = <C extends Component>(
  component: C,
  given: RevertingServices,
): Reverting<C> => {
  const services = { ...given, component, embeds: component.definition.embeddings?.embed !== undefined };
  const { engine, cache, clock, newId, principal } = services;
  const { tenant } = principal;

  const readVersion = async (key: ContextKey, version: number): Promise<StoredContext> => {
    const stored = await engine.readVersion(key, version);
    if (stored) return stored;
    const [entry] = await engine.history({ ...key, limit: 1, before: version + 1 });
    if (entry?.version !== version || entry.operation !== "delete")
      throw new ContextNotFoundError(component.name, key.id, { version });
    const message = `Version ${version} of ${component.name} ${JSON.stringify(key.id)} is a deletion. Delete it instead.`;
    throw new ContextbaseError("invalid_argument", message, {
      component: component.name,
      details: { id: key.id, version },
    });
  };

  return {
    revertContext: async (id, version, options = {}) => {
      checkOptions("revertContext", options, ["signal", "write", "version"]);
      checkSignal(options.signal);
      checkWhole("version", version, 1, Number.MAX_SAFE_INTEGER);
      const next = options.version;
      if (next !== undefined) checkWhole("version", next, 1, Number.MAX_SAFE_INTEGER);
      const key = { tenant, component: component.name, id: checkId(id) };
      const earlier = createEarlierWrites(component, { engine, tenant, newId, now: clock() });
      const asked = earlier.encode(await readVersion(key, version), next);
      const { signal, write: name } = options;
      const [encoded = asked] = await earlier.embed([asked], { signal, write: name });
      try {
        const result = await write(services, [encoded.write], options, [asked.write]);
        const written = typeof result === "object" && "written" in result ? result : undefined;
        const [landed] = written?.written ?? [];
        if (written && landed) return writtenContext<C>(encoded, landed, written.at);
        const [stored] = Array.isArray(result) ? result : [];
        if (stored) return decodeContext(component, stored);
      } finally {
        cache.forget([key]);
      }
      throw new ContextbaseError(
        "internal",
        "A revert was answered without its context. Please report this.",
      );
    },
  };
};
