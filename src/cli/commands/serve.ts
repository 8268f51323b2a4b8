import type { Command } from "commander";
import { listRequests, tellExamples } from "../announce.ts";
import { readPort, readSettings, type StoreOptions } from "../settings.ts";
import { withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type ServeOptions = StoreOptions & { readonly port?: string; readonly host: string };

export const configureServe = (command: Command, terminal: Terminal): void => {
  command
    .option("--port <port>", "0 takes any that is free (default: CONTEXTBASE_PORT, or 7700)")
    .option("--host <host>", "127.0.0.1, ::1 or localhost", "127.0.0.1");
  withStoreOptions(command).action(async ({ port, host, ...options }: ServeOptions) => {
    const settings = await readSettings(options);
    const listening = { host, port: port === undefined ? settings.port : readPort(port, "--port") };
    // Loaded here alone: it takes longer than most other commands take altogether.
    const { serveStore } = await import("../serve-store.ts");
    await serveStore(settings, listening, terminal, async (base, url) => {
      terminal.say(`The store is ${settings.place}`);
      await terminal.print(`Contextbase serves ${url}`);
      terminal.say(tellExamples(await listRequests(base, url)));
      terminal.say("Ctrl-C ends it.");
    });
  });
};
