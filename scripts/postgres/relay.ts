/** Carries connections on, from within a network namespace: node relay.ts PORT HOST TARGET-PORT */
import { connect, createServer } from "node:net";

const [port, host = "", target] = process.argv.slice(2);

const server = createServer((client) => {
  const upstream = connect(Number(target), host);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.setNoDelay(true);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
});
server.listen(Number(port), () => process.stdout.write("ready\n"));
