import { once } from "node:events";
import { createInterface } from "node:readline";
import { ContextbaseError } from "../base/errors.ts";

/**
 * Asks the person at the terminal, who says y or yes; anything else, and no answer, is a no.
 * @throws ContextbaseError invalid_argument where there is no terminal; the signal's reason
 */
export const confirm = async (question: string, signal: AbortSignal): Promise<boolean> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const message = "There is no terminal to ask on. Give --yes to go on, or --dry-run to change nothing.";
    throw new ContextbaseError("invalid_argument", message);
  }
  process.stderr.write(`${question} (y/N) `);
  // Not as a terminal: then Ctrl-C stays a signal, which stops the command as it does everywhere.
  const lines = createInterface({ input: process.stdin, terminal: false });
  let answered = false;
  lines.once("line", () => {
    answered = true;
  });
  try {
    const [answer = ""]: string[] = await Promise.race([
      once(lines, "line", { signal }),
      once(lines, "close", { signal }),
    ]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    if (!answered) process.stderr.write("\n");
    lines.close();
  }
};
