import { describe, expect, it } from "vitest";
import { type PostgresOptions, postgres } from "../../src/engine/postgres/index.ts";
import { checkPostgresOptions } from "../../src/engine/postgres/options/options.ts";

const at = (parameters: string): string => `postgres://me:secret@host/base?${parameters}`;

describe("options of PostgreSQL", () => {
  it("[G4] a url says what an option can say, and an option wins", () => {
    const url = at("schema=s&connections=3&prepared=false&callMilliseconds=5000&application_name=x");
    const { schema, connections, prepared, timeouts, ...rest } = checkPostgresOptions({ url });
    expect({ schema, connections, prepared }).toEqual({ schema: "s", connections: 3, prepared: false });
    expect(timeouts.callMilliseconds).toBe(5_000);
    expect(rest.url).toBe("postgres://me:secret@host/base?application_name=x");
    const given = checkPostgresOptions({
      url,
      schema: "t",
      connections: 4,
      timeouts: { callMilliseconds: 1 },
    });
    expect(given).toMatchObject({ schema: "t", connections: 4, timeouts: { callMilliseconds: 1 } });
  });

  const wrong: readonly (readonly [string, PostgresOptions, string])[] = [
    ["a timeout that is no number", { url: at("lockMilliseconds=soon") }, "lockMilliseconds"],
    ["a number of connections that is none", { url: at("connections=0") }, "connections"],
    ["a yes or no that is neither", { url: at("prepared=maybe") }, "prepared"],
    ["a misspelled option", { url: at(""), timeout: 3 } as PostgresOptions, "timeout"],
    ["neither a url nor a pool", {}, "pool"],
  ];
  it.for(wrong)("[G4] %s is refused by name, and shows no secret", ([, options, named]) => {
    const error = ((): unknown => {
      try {
        return postgres(options);
      } catch (cause) {
        return cause;
      }
    })();
    expect(error).toMatchObject({ code: "invalid_argument", message: expect.stringContaining(named) });
    expect(String(error)).not.toContain("secret");
  });
});
