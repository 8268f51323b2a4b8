import { InvalidArgumentError } from "commander";
import { ContextbaseError } from "../base/errors.ts";
import { durationForm, parseDuration } from "../model/duration.ts";
import type { Boost } from "../model/searching.ts";
import { readJsonOption } from "./json-option.ts";

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === "number");

/** What stands in it is checked by the store. */
const isBoosts = (value: unknown): value is Boost[] => Array.isArray(value);

/** @throws ContextbaseError invalid_json, invalid_argument */
export const parseEmbeddings = (text: string | undefined): number[] | undefined => {
  if (text === undefined) return undefined;
  const numbers = readJsonOption(text, "--embeddings");
  if (isNumbers(numbers)) return numbers;
  const message = "--embeddings must be a JSON array of numbers, or @ and a file of one.";
  throw new ContextbaseError("invalid_argument", message);
};

/** @throws ContextbaseError invalid_json, invalid_argument */
export const parseBoost = (text: string | undefined): readonly Boost[] | undefined => {
  if (text === undefined) return undefined;
  const boosts = readJsonOption(text, "--boost");
  if (isBoosts(boosts)) return boosts;
  const message = `--boost must be a JSON array, such as '[{"where": {"type": "faq"}, "factor": 2}]'.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** For an option's value, in milliseconds; commander tells which option it was. */
export const halfLifeOf = (text: string): number => {
  const milliseconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new InvalidArgumentError(`It must be a number of milliseconds, or ${durationForm}.`);
};
