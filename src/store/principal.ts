import { checkName, checkOptions } from "../base/arguments.ts";

/** Who acts: the actor in histories and changes, and the tenant that everything is kept apart by. */
export type Principal = { readonly id: string; readonly tenant?: string };

export type CheckedPrincipal = Required<Principal>;

export const defaultTenant = "default";

/** Who acts where nobody was named. */
export const nobody: CheckedPrincipal = { id: "anonymous", tenant: defaultTenant };

/** @throws ContextbaseError invalid_argument */
export const checkPrincipal = (principal: Principal): CheckedPrincipal => {
  checkOptions("as", principal, ["id", "tenant"]);
  const tenant = principal.tenant === undefined ? defaultTenant : checkName("tenant", principal.tenant);
  return { id: checkName("principal's id", principal.id), tenant };
};
