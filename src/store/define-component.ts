import type { ErrorCode } from "../base/error-table.ts";
import { ContextbaseError, type ErrorOptions } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { compileComponent } from "../model/compile-component.ts";
import type { Component, ComponentDefinition, ContentSchemas } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";
import type { Schema } from "../model/schema.ts";
import { createMonitor, type Monitor } from "../monitoring/monitor.ts";

/** What has stores: a Contextbase, or a view of one. */
export type StoreSource = { store<C extends Component>(component: C): ContextStore<C> };

/** An error of one component, whatever its class is. */
export type ComponentError<Name extends string> = ContextbaseError & { readonly component: Name };

type Branded<Instance> = { [Symbol.hasInstance](value: unknown): value is Instance };

/** A component with the class names of its own: `new Customer.Store(base)`, `Customer.Error`, `Customer.Monitor`. */
export type DefinedComponent<
  Name extends string = string,
  Types extends ContentSchemas = ContentSchemas,
  Metadata extends Schema = Schema,
> = Component<Name, Types, Metadata> & {
  readonly Store: Branded<ContextStore<Component<Name, Types, Metadata>>> &
    (new (
      base: StoreSource,
    ) => ContextStore<Component<Name, Types, Metadata>>);
  /** Any error thrown for this component is an instance of it, and of what it is, at once. */
  readonly Error: Branded<ComponentError<Name>> &
    (new (
      code: ErrorCode,
      message: string,
      options?: ErrorOptions,
    ) => ComponentError<Name>);
  readonly Monitor: Branded<Monitor> & (new () => Monitor);
};

/**
 * Declares a component.
 * @throws ContextbaseError invalid_component
 */
export const defineComponent = <
  const Name extends string,
  Types extends ContentSchemas = ContentSchemas,
  Metadata extends Schema = Schema,
>(
  definition: ComponentDefinition<Name, Types, Metadata>,
): DefinedComponent<Name, Types, Metadata> => {
  const component = compileComponent(definition);
  const { name } = component;

  class Store {
    constructor(base: StoreSource) {
      // biome-ignore lint/correctness/noConstructorReturn: the store is made by its base, for `new` as for store().
      return base.store(defined);
    }
    static [Symbol.hasInstance](value: unknown): boolean {
      return isObject(value) && value.component === defined;
    }
  }

  class OwnError extends ContextbaseError {
    constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
      super(code, message, { ...options, component: name });
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof ContextbaseError && value.component === name;
    }
  }

  class OwnMonitor {
    constructor() {
      // biome-ignore lint/correctness/noConstructorReturn: a monitor is made by one function, for `new` too.
      return createMonitor(name);
    }
    static [Symbol.hasInstance](value: unknown): boolean {
      return isObject(value) && value.component === name && "logStorageTime" in value;
    }
  }

  for (const [suffix, made] of Object.entries({ Store, Error: OwnError, Monitor: OwnMonitor })) {
    Object.defineProperty(made, "name", { value: `${name}${suffix}` });
  }
  const defined = {
    ...component,
    Store,
    Error: OwnError,
    Monitor: OwnMonitor,
  } as unknown as DefinedComponent<Name, Types, Metadata>;
  return defined;
};
