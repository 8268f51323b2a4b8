import { systemClock } from "../../src/base/clock.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";

/**
 * A process that opens stores at given moments, so that another one can make the same file at the same moment: a line
 * on stdin is a time and a path; a line on stdout says what came of it.
 *
 * node opening-process.ts KEY in base64
 */
const key = Buffer.from(process.argv[2] ?? "", "base64");

const openAt = async (time: number, path: string): Promise<string> => {
  while (systemClock() < time);
  try {
    await sqlite({ path, key }).close();
    return "opened";
  } catch (cause) {
    return String(cause);
  }
};

process.stdin.on("data", async (text) => {
  for (const line of String(text).trim().split("\n")) {
    const [time, path = ""] = line.split(" ");
    console.log(await openAt(Number(time), path));
  }
});
