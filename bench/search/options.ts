import { parseArgs } from "node:util";

/**
 * The options of a benchmark, each a whole number from 1, or a text where its default is one, or a flag. Says on
 * stderr which is wrong, and ends the process with 2.
 */
export const readOptions = <Defaults extends Readonly<Record<string, number | string | boolean>>>(
  usage: string,
  defaults: Defaults,
): { readonly [Name in keyof Defaults]: Defaults[Name] extends number ? number : Defaults[Name] } => {
  const refuse = (message: string): never => {
    console.error(`${message}\n\n${usage}`);
    process.exit(2);
  };
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: typeof value === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const parse = (): Readonly<Record<string, unknown>> => {
    try {
      return parseArgs({ options: { ...options, help: { type: "boolean" } } }).values;
    } catch (cause) {
      return refuse(cause instanceof Error ? cause.message : String(cause));
    }
  };
  const given = parse();
  if (given.help === true) {
    console.log(usage);
    process.exit(0);
  }
  const values = Object.entries(defaults).map(([name, value]) => {
    const found = given[name] ?? value;
    if (typeof value !== "number") return [name, found];
    const number = Number(found);
    if (!Number.isInteger(number) || number < 1)
      return refuse(`--${name} is ${found}. It must be a whole number from 1.`);
    return [name, number];
  });
  return Object.fromEntries(values);
};
