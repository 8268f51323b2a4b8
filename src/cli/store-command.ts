import type { Command } from "commander";
import { ContextbaseError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";
import type { ContextbaseView } from "../store/contextbase.ts";
import { currentActor, openStore } from "./open-store.ts";
import type { Settings } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** Adds the options that every command on a store takes. */
export const withStoreOptions = (command: Command): Command =>
  command
    .option("--url <url>", "the store: file:PATH or postgres://…")
    .option("--key-file <path>", "the file that holds its key")
    .option("--config <path>", "the configuration, rather than the nearest contextbase.config.ts");

/** Opens the store, works as the user of this machine, and closes it whatever happens. */
export const withStore = async <Result>(
  settings: Settings,
  ifAbsent: "make" | "fail",
  terminal: Terminal,
  work: (base: ContextbaseView) => Promise<Result>,
): Promise<Result> => {
  const base = await openStore(settings, ifAbsent, terminal.say);
  try {
    return await work(base.as({ id: currentActor() }));
  } finally {
    await base.close();
  }
};

/** @throws ContextbaseError unknown_component, which lists those that there are */
export const findComponent = ({ components, configuration }: Settings, name: string): Component => {
  const found = components.find((component) => component.name === name);
  if (found) return found;
  const there = components.map((component) => component.name).join(", ") || "none";
  const from = configuration ?? "there is no contextbase.config.ts here or above";
  const message = `There is no component ${JSON.stringify(name)}. There are: ${there} (${from}).`;
  throw new ContextbaseError("unknown_component", message, { component: name });
};
