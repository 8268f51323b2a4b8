import { limits } from "../base/limits.ts";
import type { Engine, Key, ListPlace, StoredContext } from "../engine/engine.ts";

/** Every tenant that has changes. @throws ContextbaseError storage_unavailable where a role sees one alone */
export async function* everyTenant(engine: Engine): AsyncGenerator<string> {
  let last = "";
  for (;;) {
    const tenants = await engine.tenants(last, limits.pageItems);
    if (tenants.length === 0) return;
    yield* tenants;
    last = tenants.at(-1) ?? last;
  }
}

/** The current contexts of a component, newest first; those that are made meanwhile are not among them. */
export async function* pagesOf(
  engine: Engine,
  key: Key,
  limit: number,
): AsyncGenerator<readonly StoredContext[]> {
  let after: ListPlace | undefined;
  do {
    const { contexts, next } = await engine.list({
      ...key,
      type: undefined,
      where: undefined,
      order: undefined,
      limit,
      after,
    });
    yield contexts;
    after = next;
  } while (after !== undefined);
}
