import { VersionConflictError } from "../../base/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { decodeContext } from "../decode.ts";

/**
 * Does a write whose conflict leaves to the caller: it is told the version that it counted on, too. Who tries again
 * by itself need not read that. The conflict is one whether or not it can be read.
 */
export const tellingBase = async <Result>(
  component: Component,
  engine: Pick<Engine, "readVersion">,
  tenant: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof VersionConflictError) || cause.code !== "version_conflict") throw cause;
    const base = await baseOf(component, engine, tenant, cause);
    throw base === undefined ? cause : new VersionConflictError({ ...partsOf(cause), base });
  }
};

const partsOf = ({ component = "", id, attempted, current, yours, theirs }: VersionConflictError) => ({
  component,
  id,
  attempted,
  current,
  yours,
  theirs,
});

const baseOf = async (
  component: Component,
  engine: Pick<Engine, "readVersion">,
  tenant: string,
  { id, attempted, current, theirs, base }: VersionConflictError,
): Promise<unknown> => {
  const version = attempted - 1;
  if (base !== undefined || version < 1 || version > current) return undefined;
  if (version === current) return theirs;
  try {
    const stored = await engine.readVersion({ tenant, component: component.name, id }, version);
    return stored && decodeContext(component, stored);
  } catch {
    return undefined;
  }
};
