import { once } from "node:events";
import { serve } from "../server/index.ts";
import type { Contextbase } from "../store/contextbase.ts";
import { explainPort } from "./announce.ts";
import { openStore } from "./open-store.ts";
import type { Settings } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

export type Listening = { readonly host?: string; readonly port: number };

/**
 * Opens the store and serves it until somebody stops the command.
 * @param whenListening may be stopped, too
 */
export const serveStore = async (
  settings: Settings,
  listening: Listening,
  terminal: Terminal,
  whenListening: (base: Contextbase, url: string) => Promise<void>,
): Promise<void> => {
  const base = await openStore(settings, "make", terminal.say);
  try {
    const server = await explainPort(serve(base, listening));
    try {
      await whenListening(base, server.url);
      if (!terminal.signal.aborted) await once(terminal.signal, "abort");
      terminal.say("Closing.");
    } finally {
      await server.close();
    }
  } finally {
    await base.close();
  }
};
