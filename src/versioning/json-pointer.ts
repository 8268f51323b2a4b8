/** The names and indexes that lead from a value to one in it. */
export type Steps = readonly (string | number)[];

const escapeStep = (step: string | number): string =>
  String(step).replaceAll("~", "~0").replaceAll("/", "~1");

/** A JSON Pointer (RFC 6901): "" for the value itself, `/tags/0` for an element of its tags. */
export const formatPointer = (steps: Steps): string => steps.map((step) => `/${escapeStep(step)}`).join("");

const pointer = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** The steps of a JSON Pointer; undefined where the text is none. */
export const parsePointer = (text: string): readonly string[] | undefined =>
  pointer.test(text)
    ? text
        .split("/")
        .slice(1)
        .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    : undefined;
