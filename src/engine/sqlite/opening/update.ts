import { limits } from "../../../base/limits.ts";
import { connect } from "../connection/connection.ts";
import { planUpdate } from "../connection/inspect.ts";
import type { StoreFile } from "../connection/store-file.ts";
import type { LayoutPlan } from "../layout/layout.ts";

export { planUpdate } from "../connection/inspect.ts";
export type { LayoutPlan } from "../layout/layout.ts";

/**
 * Takes a file to the newest layout, as whoever opens it does, and does nothing else.
 * @returns what was to be done
 * @throws ContextbaseError newer_layout, not_a_store, wrong_key, storage_…
 */
export const updateLayout = (file: StoreFile): LayoutPlan => {
  const plan = planUpdate(file);
  connect(file, limits.busyMilliseconds).close();
  return plan;
};
