/**
 * One of the watchers that `watch.ts` kills: node watch-watcher.ts URL TENANT FILE [COMPONENT]. It goes on behind
 * the last change that stands in its file, and appends each change that it is told of; after each it tells stdout that it lives.
 */
import { existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { components, open, readRecord } from "./watch-shared.ts";

const [url = "", tenant = "", file = "", name] = process.argv.slice(2);
const { told, bytes } = readRecord(existsSync(file) ? readFileSync(file, "utf8") : "");
const record = openSync(file, "a");
truncateSync(file, bytes);

const view = (await open(url)).as({ id: "watcher", tenant });
const component = components.find((one) => one.name === name);
const source = component ? view.store(component) : view;
for await (const change of source.watch({ after: told.at(-1)?.position ?? 0 })) {
  writeSync(record, `${JSON.stringify(change)}\n`);
  process.stdout.write(".");
}
