/**
 * A text, in which blanks stand for what a terminal shows as colours, and its UTF-16 units as numbers: unit `n` of the
 * text is `codes[n]`, and behind the last one stands a 0. To look at a number in an array takes a fraction of what
 * `charCodeAt` takes.
 */
export type TextUnits = { readonly text: string; readonly codes: Uint16Array };

const firstRoom = 4_096;
const unitBytes = Uint16Array.BYTES_PER_ELEMENT;

const introducer = "\u001b[";
/** A control sequence of ECMA-48, as logs and outputs of programs have them. */
const controls = new RegExp(`${introducer.replace("[", "\\[")}[0-?]*[ -/]*[@-~]`, "g");

const withoutControls = (text: string): string =>
  text.includes(introducer) ? text.replace(controls, (control) => " ".repeat(control.length)) : text;

/** Reads texts one after another into the same memory: what was read holds until the next is. */
export const createUnitReader = (): ((text: string) => TextUnits) => {
  let codes = new Uint16Array(firstRoom);
  let bytes = Buffer.from(codes.buffer);
  return (given) => {
    const text = withoutControls(given);
    if (text.length >= codes.length) {
      codes = new Uint16Array(Math.max(text.length + 1, codes.length * 2));
      bytes = Buffer.from(codes.buffer);
    }
    bytes.write(text, 0, text.length * unitBytes, "utf16le");
    codes[text.length] = 0;
    return { text, codes };
  };
};
