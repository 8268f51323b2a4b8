import type { Part } from "../part.ts";
import { measurePostgres } from "./measure.ts";
import { method } from "./method.ts";
import { describeServer, findServer } from "./server.ts";

/** The engine for PostgreSQL, on a server that is there or can be had. */
export const postgresPart: Part = {
  title: "On PostgreSQL",
  chart: "benchmarks-postgres.svg",
  method,
  run: async (scale) => {
    const server = await findServer();
    if (!server) return undefined;
    try {
      return { circumstances: await describeServer(server), measures: await measurePostgres(server, scale) };
    } finally {
      await server.stop();
    }
  },
};
