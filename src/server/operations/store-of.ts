import type { Component } from "../../model/component.ts";
import type { ContextStore } from "../../model/context-store.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import { unknownComponent } from "../../store/named-components.ts";

/** @throws ContextbaseError unknown_component */
export const componentOf = ({ components }: ContextbaseView, name: string): Component => {
  const component = components.get(name);
  if (!component) throw unknownComponent(name, components);
  return component;
};

/** @throws ContextbaseError unknown_component */
export const storeOf = (base: ContextbaseView, name: string): ContextStore<Component> =>
  base.store(componentOf(base, name));
