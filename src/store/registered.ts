import type { RegisteredComponent } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";

/** A component as a store notes it. */
export const toRegistered = (component: Component): RegisteredComponent => ({
  name: component.name,
  schemaVersion: component.schemaVersion,
  description: JSON.stringify(component.describe()),
});
