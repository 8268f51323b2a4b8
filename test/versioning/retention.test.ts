import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRetention, type Retention, type RetentionRules } from "../../src/model/retention.ts";
import { type RetainedVersion, versionsToRemove } from "../../src/versioning/retention.ts";

const hour = 60 * 60 * 1_000;
const day = 24 * hour;
const noon = Date.UTC(2026, 5, 17, 12);

const rulesOf = (retention: Retention): RetentionRules => {
  const rules = checkRetention("Plan", retention);
  if (!rules) throw new Error("no rules");
  return rules;
};

/** Versions 1, 2, 3… of these times; the last is current. */
const versionsAt = (times: readonly number[]): RetainedVersion[] =>
  times.map((at, index) => ({ version: index + 1, at, supersededAt: times[index + 1] }));

const kept = (retention: Retention, times: readonly number[], now = noon): number[] => {
  const versions = versionsAt(times);
  const removed = versionsToRemove(rulesOf(retention), versions, now);
  return versions.map(({ version }) => version).filter((version) => !removed.includes(version));
};

describe("a retention", () => {
  it("[V11] keeps the newest versions, the current one among them", () => {
    const times = [1, 2, 3, 4, 5].map((days) => noon - 10 * day + days * day);
    expect(kept({ versions: 1 }, times)).toEqual([5]);
    expect(kept({ versions: 3 }, times)).toEqual([3, 4, 5]);
    expect(kept({ versions: 9 }, times)).toEqual([1, 2, 3, 4, 5]);
  });

  it("[V11] keeps a version for a time after it was superseded, however old it is", () => {
    const times = [noon - 400 * day, noon - 5 * day, noon - 2 * day];
    expect(kept({ for: "5 days" }, times)).toEqual([2, 3]);
    expect(kept({ for: "6 days" }, times)).toEqual([1, 2, 3]);
    expect(kept({ for: "2 days" }, times)).toEqual([3]);
    expect(kept({ for: "3 days" }, times, noon - hour)).toEqual([2, 3]);
  });

  it("[V11] thins out to the last version of each period, in UTC", () => {
    const thin = [
      { within: "1 day", keep: "all" },
      { within: "10 days", keep: "daily" },
      { keep: "monthly" },
    ] as const;
    const times = [
      Date.UTC(2026, 3, 1),
      Date.UTC(2026, 3, 30, 23, 59),
      Date.UTC(2026, 4, 31),
      Date.UTC(2026, 5, 14, 23, 58),
      Date.UTC(2026, 5, 14, 23, 59),
      Date.UTC(2026, 5, 15, 0, 0),
      noon - 3 * hour,
      noon - 2 * hour,
      noon - hour,
    ];
    expect(kept({ thin }, times)).toEqual([2, 3, 5, 6, 7, 8, 9]);
    expect(kept({ thin: [{ within: "10 days", keep: "daily" }] }, times)).toEqual([3, 5, 6, 9]);
  });

  it("[V11] keeps what any of its rules keeps", () => {
    const times = [1, 2, 3, 4, 5].map((days) => noon - 20 * day + days * hour);
    expect(kept({ versions: 2, for: "1 day" }, times)).toEqual([4, 5]);
    expect(kept({ versions: 2, for: "30 days" }, times)).toEqual([1, 2, 3, 4, 5]);
    expect(kept({ versions: 1, for: "1 day", thin: [{ keep: "hourly" }] }, times)).toEqual([1, 2, 3, 4, 5]);
  });

  it("[V11] never removes the current version, nor more when it is asked again", () => {
    const duration = fc.integer({ min: 1, max: 40 }).map((days) => `${days} days`);
    const keep = fc.constantFrom("all", "hourly", "daily", "weekly", "monthly", "yearly");
    const thin = fc
      .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 })
      .chain((ends) =>
        fc.tuple(
          ...ends
            .sort((a, b) => a - b)
            .map((end) => keep.map((one) => ({ within: `${end} days`, keep: one }))),
        ),
      );
    const retention = fc
      .record({ versions: fc.integer({ min: 1, max: 6 }), for: duration, thin }, { requiredKeys: [] })
      .filter((one) => Object.keys(one).length > 0)
      .map((one) => one as Retention);
    const times = fc
      .array(fc.integer({ min: 1, max: 5 * day }), { minLength: 1, maxLength: 40 })
      .map((gaps) => {
        let at = noon - 100 * day;
        return gaps.map((gap) => (at += gap));
      });
    const later = fc.integer({ min: 0, max: 50 * day });
    fc.assert(
      fc.property(retention, times, later, fc.integer({ min: 0, max: 30 }), (given, at, wait, part) => {
        const rules = rulesOf(given);
        const now = Math.max(noon, at.at(-1) ?? 0);
        const versions = versionsAt(at);
        const removed = versionsToRemove(rules, versions, now);
        expect(removed).not.toContain(at.length);
        expect(removed).toEqual(removed.toSorted((a, b) => a - b));
        const rest = versions.filter(({ version }) => !removed.includes(version));
        expect(versionsToRemove(rules, rest, now)).toEqual([]);
        // What was removed in parts, or the day before, ends the same.
        const some = versions.filter(({ version }) => version % 31 !== part || !removed.includes(version));
        expect(versionsToRemove(rules, some, now)).toEqual(
          removed.filter((version) => some.some((one) => one.version === version)),
        );
        const monotone = versionsToRemove(rules, rest, now + wait);
        for (const version of versionsToRemove(rules, versions, now + wait)) {
          expect([...removed, ...monotone]).toContain(version);
        }
        // Every moment of the time that is kept whole can still be read.
        const whole = given.for && Number.parseInt(given.for, 10) * day;
        for (const { version, supersededAt = Number.POSITIVE_INFINITY } of versions) {
          if (whole && supersededAt > now - whole) expect(removed).not.toContain(version);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is refused where it is wrong, by name", () => {
    const wrong: [unknown, RegExp][] = [
      [{}, /empty/],
      [7, /takes an object/],
      [{ version: 3 }, /no option "version"/],
      [{ versions: 0 }, /whole number from 1/],
      [{ versions: 1.5 }, /whole number from 1/],
      [{ for: "90d" }, /Plan.retention.for is "90d"/],
      [{ for: "3 months" }, /such as "90 days"/],
      [{ for: "01 day" }, /such as/],
      [{ for: 90 }, /such as/],
      [{ for: "9999 years" }, /such as/],
      [{ for: "1 constructor" }, /such as/],
      [{ thin: [] }, /1 to/],
      [{ thin: [{ keep: "all" }, { within: "1 day", keep: "daily" }] }, /thin\[0\]\.within is undefined/],
      [
        {
          thin: [
            { within: "2 days", keep: "all" },
            { within: "1 day", keep: "daily" },
          ],
        },
        /longer/,
      ],
      [{ thin: [{ within: "1 day", keep: "never" }] }, /keep is "never"/],
      [{ thin: [{ within: "1 day" }] }, /keep is undefined/],
      [{ thin: [{ within: "1 day", keep: "all", more: 1 }] }, /no option "more"/],
    ];
    for (const [retention, message] of wrong) {
      expect(() => checkRetention("Plan", retention as Retention), JSON.stringify(retention)).toThrow(
        message,
      );
    }
  });
});
