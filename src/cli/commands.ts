import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** Gives a command its options, and what it does. */
type Configure = (command: Command, terminal: Terminal) => void;

type CommandEntry = {
  /** Its name, and its arguments. */
  readonly usage: string;
  readonly description: string;
  /** Loads the rest of it: a command must not wait for the code of the others. */
  readonly load: () => Promise<Configure>;
};

/** All commands, in the order in which the help lists them. */
export const commands: readonly CommandEntry[] = [
  {
    usage: "new <name>",
    description: "write the files of a new component, such as Customer, and a test that passes",
    load: async () => (await import("./commands/new.ts")).configureNew,
  },
  {
    usage: "put <component> [id] [content]",
    description: "store a context: its next version, or the one that --version names",
    load: async () => (await import("./commands/put.ts")).configurePut,
  },
  {
    usage: "get <component> <id>",
    description: "print a context as JSON",
    load: async () => (await import("./commands/get.ts")).configureGet,
  },
  {
    usage: "list <component>",
    description: "list contexts, newest first or in another order",
    load: async () => (await import("./commands/list.ts")).configureList,
  },
  {
    usage: "search <component> [text...]",
    description: "find contexts by their text, by its meaning where the component embeds, or by a vector",
    load: async () => (await import("./commands/search.ts")).configureSearch,
  },
  {
    usage: "assemble [query...]",
    description: "make a text of the contexts that fit a query, within a budget of tokens",
    load: async () => (await import("./commands/assemble.ts")).configureAssemble,
  },
  {
    usage: "history <component> <id>",
    description: "list the versions of a context, deletions among them, newest first",
    load: async () => (await import("./commands/history.ts")).configureHistory,
  },
  {
    usage: "diff <component> <id>",
    description: "show how one version of a context became another",
    load: async () => (await import("./commands/diff.ts")).configureDiff,
  },
  {
    usage: "revert [component] [id]",
    description: "go back to an earlier version, or take back what a write or an actor did",
    load: async () => (await import("./commands/revert.ts")).configureRevert,
  },
  {
    usage: "watch [component]",
    description: "tell changes as they come, of all components or of one",
    load: async () => (await import("./commands/watch.ts")).configureWatch,
  },
  {
    usage: "import <path>",
    description: "store documents, or contexts as export prints them",
    load: async () => (await import("./commands/import.ts")).configureImport,
  },
  {
    usage: "export [components...]",
    description: "print all contexts, one a line with its component, as import takes them",
    load: async () => (await import("./commands/export.ts")).configureExport,
  },
  {
    usage: "move",
    description: "bring a store as it is into another one, with all its history",
    load: async () => (await import("./commands/move.ts")).configureMove,
  },
  {
    usage: "update",
    description: "take a store to the newest layout, and make the tables of one in PostgreSQL",
    load: async () => (await import("./commands/update.ts")).configureUpdate,
  },
  {
    usage: "reembed [component]",
    description: "make vectors anew where the model or its dimensions changed, or where they are missing",
    load: async () => (await import("./commands/reembed.ts")).configureReembed,
  },
  {
    usage: "upgrade [components...]",
    description: "rewrite what is stored in older schema versions by the components' upgrades",
    load: async () => (await import("./commands/upgrade.ts")).configureUpgrade,
  },
  {
    usage: "prune [components...]",
    description: "remove the versions that retention does not keep, and what expired, now",
    load: async () => (await import("./commands/prune.ts")).configurePrune,
  },
  {
    usage: "serve",
    description: "serve the store over HTTP, to this machine",
    load: async () => (await import("./commands/serve.ts")).configureServe,
  },
  {
    usage: "doctor",
    description: "examine the installation and every page of the store, and change nothing",
    load: async () => (await import("./commands/doctor.ts")).configureDoctor,
  },
  {
    usage: "check [components...]",
    description: "try the components' schemas and upgrades on the store, and change nothing",
    load: async () => (await import("./commands/check.ts")).configureCheck,
  },
];
