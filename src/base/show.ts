import { types } from "node:util";

const mostCharacters = 80;

const shorten = (text: string): string =>
  text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;

/** A value as a message tells it: short whatever it is, and never an error of its own. */
export const show = (value: unknown): string => {
  if (typeof value === "string") return shorten(JSON.stringify(value.slice(0, mostCharacters * 2)));
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return kindOfObject(value);
  return shorten(typeof value === "bigint" ? `${value}n` : String(value));
};

/** Asked so that no trap of a proxy is sprung. */
const kindOfObject = (value: object): string => {
  if (types.isProxy(value)) return "an object";
  if (Array.isArray(value)) return "an array";
  if (types.isPromise(value)) return "a promise";
  return types.isTypedArray(value) ? "a typed array" : "an object";
};

/**
 * A url as a message tells it: where something is, without who asks. A password can stand before an @, also in a
 * url that is mistyped, and among the parameters, of which the schema alone is told.
 */
export const showUrl = (url: string): string => {
  if (url.startsWith("file:")) return url;
  const place = url.replace(/^([\w+.-]*:)?(\/*).*@/s, "$1$2").replace(/[?#].*$/s, "");
  const schema = /[?&]schema=([^&#@]+)/.exec(url)?.[1];
  return schema === undefined ? place : `${place}?schema=${schema}`;
};

/** A name that somebody gave, without quotes, short enough for a message. */
export const showName = (name: string): string => shorten(name);
