import { styleText } from "node:util";
import { stopwatch } from "../base/clock.ts";

/** How far something is, on stderr: a bar on a terminal, a line now and then elsewhere. */
export type Progress = {
  readonly update: (done: number) => void;
  /** Takes the bar away; what follows says how it ended. */
  readonly finish: () => void;
};

const barCharacters = 30;
const redrawMilliseconds = 80;
const lineMilliseconds = 2_000;

/** What nobody knows the length of shows nothing where it is over before this. */
const patienceMilliseconds = 300;

/**
 * @param what what is going on, such as `Importing files`
 * @param total how many there are; left out: nobody knows, and only what is done is shown
 */
export const startProgress = (what: string, total?: number): Progress => {
  const { stderr } = process;
  const started = stopwatch();
  let next = total === undefined ? started + patienceMilliseconds : started;
  let done = 0;
  let drawn = false;

  const draw = (): void => {
    if (stopwatch() < next) return;
    const line = describe(what, done, total, stopwatch() - started, stderr.isTTY);
    stderr.write(stderr.isTTY ? `\r\u001B[K${line}` : `${line}\n`);
    drawn = true;
    next = stopwatch() + (stderr.isTTY ? redrawMilliseconds : lineMilliseconds);
  };

  const timer = setInterval(draw, redrawMilliseconds);
  timer.unref();
  return {
    update: (now) => {
      done = now;
      draw();
    },
    finish: () => {
      clearInterval(timer);
      if (drawn && stderr.isTTY) stderr.write("\r\u001B[K");
    },
  };
};

const describe = (
  what: string,
  done: number,
  total: number | undefined,
  milliseconds: number,
  terminal: boolean,
): string => {
  const count = (number: number): string => number.toLocaleString("en");
  if (total === undefined) {
    const seconds = `${Math.floor(milliseconds / 1_000)} s`;
    return done === 0 ? `${what} … ${seconds}` : `${what} … ${count(done)}, ${seconds}`;
  }
  const text = `${what} ${count(done)} of ${count(total)}`;
  if (!terminal) return text;
  const filled = total === 0 ? barCharacters : Math.floor((barCharacters * done) / total);
  const bar = styleText("cyan", "━".repeat(filled), { stream: process.stderr });
  const rest = styleText("dim", "━".repeat(barCharacters - filled), { stream: process.stderr });
  return `${bar}${rest} ${text}`;
};
