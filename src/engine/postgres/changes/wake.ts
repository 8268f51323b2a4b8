import type { Client } from "pg";
import { limits } from "../../../base/limits.ts";
import type { Engine } from "../../engine.ts";

/** Between two tries to listen, where they fail: a standby, for one, takes no LISTEN. */
const longestRestMilliseconds = 10_000;
/** A connection that listens is asked now and then whether it is still there. */
const aliveMilliseconds = 5_000;

export type Wakes = { readonly onChange: Engine["onChange"]; readonly close: () => Promise<void> };

/**
 * Tells watchers of changes: by LISTEN on a connection of its own, and by the clock, since a notification can be
 * lost with its connection. It listens only while somebody watches.
 * @param direct makes the connection; undefined where there is none to be had
 */
export const createWakes = (channel: string, direct: () => Client | undefined): Wakes => {
  const watchers = new Map<string, Set<() => void>>();
  let listening: Client | undefined;
  let connecting = false;
  let timer: NodeJS.Timeout | undefined;
  let sinceAlive = 0;
  let rest = 0;
  let sinceTry = 0;

  const wakeAll = (): void => {
    for (const wakes of watchers.values()) for (const wake of wakes) wake();
  };

  const giveUp = (client: Client): void => {
    if (listening === client) listening = undefined;
    // Whoever ended it, there is nobody left to tell.
    client.end().catch(() => undefined);
  };

  /** A server that cannot be reached any more says nothing. @returns comes before the end of patience */
  const expectAnswer = (client: Client): (() => void) => {
    const patience = setTimeout(() => giveUp(client), aliveMilliseconds);
    patience.unref();
    return () => clearTimeout(patience);
  };

  const listen = async (): Promise<void> => {
    const client = connecting || listening ? undefined : direct();
    if (!client) return;
    connecting = true;
    const onAnswer = expectAnswer(client);
    client.on("error", () => giveUp(client));
    client.on("end", () => giveUp(client));
    client.on("notification", ({ payload = "" }) => {
      for (const wake of watchers.get(payload) ?? []) wake();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      if (watchers.size === 0) return giveUp(client);
      listening = client;
      sinceAlive = 0;
      rest = 0;
      // What was told between two connections was heard by neither.
      wakeAll();
    } catch {
      // The server is away; until it is back the clock wakes, and the watchers' own reads say what is wrong.
      giveUp(client);
    } finally {
      onAnswer();
      connecting = false;
    }
  };

  const checkAlive = (client: Client): void => {
    sinceAlive = 0;
    client.query("SELECT 1").then(expectAnswer(client), () => giveUp(client));
  };

  const tick = (): void => {
    const pause = listening ? limits.pollMilliseconds : limits.unheardMilliseconds;
    timer = setTimeout(tick, pause);
    timer.unref();
    sinceAlive += pause;
    if (listening && sinceAlive >= aliveMilliseconds) checkAlive(listening);
    sinceTry += pause;
    if (!listening && sinceTry >= rest) {
      sinceTry = 0;
      rest = Math.min(Math.max(rest * 2, limits.unheardMilliseconds), longestRestMilliseconds);
      void listen();
    }
    wakeAll();
  };

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (listening) giveUp(listening);
  };

  return {
    onChange: (tenant, wake) => {
      const wakes = watchers.get(tenant) ?? new Set();
      watchers.set(tenant, wakes.add(wake));
      if (timer === undefined) tick();
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && watchers.get(tenant) === wakes) watchers.delete(tenant);
        if (watchers.size === 0) stop();
      };
    },
    close: async () => {
      watchers.clear();
      stop();
    },
  };
};
