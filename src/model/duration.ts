const second = 1_000;
const day = 24 * 60 * 60 * second;

/** A year has 365 days here. Months differ, and have no name for that reason. */
const units: Readonly<Record<string, number>> = {
  second,
  minute: 60 * second,
  hour: 60 * 60 * second,
  day,
  week: 7 * day,
  year: 365 * day,
};

const names = Object.keys(units);

/** A length of time, such as `"90 days"`: a whole number, a space, and second, minute, hour, day, week or year. */
export type Duration = string;

const longestYears = 1_000;

/** @returns milliseconds; undefined where it is no duration, or none of up to 1,000 years */
export const parseDuration = (text: unknown): number | undefined => {
  if (typeof text !== "string") return undefined;
  const [, count, unit = ""] = /^([1-9]\d{0,11}) ([a-z]+?)s?$/.exec(text) ?? [];
  const milliseconds = Number(count) * (Object.hasOwn(units, unit) ? (units[unit] ?? 0) : Number.NaN);
  return milliseconds <= longestYears * 365 * day ? milliseconds : undefined;
};

/** What a duration must be, for messages. */
export const durationForm = `a whole number and a unit (${names.join(", ")}), such as "90 days"`;
