// What of PostgreSQL's wire protocol has to be known between a client and PGlite, which itself speaks all of it
// but the first words. https://www.postgresql.org/docs/current/protocol-message-formats.html

const typeOf = (letter: string): number => letter.charCodeAt(0);

/** The messages that a server answers at once, and the one that ends all; others wait for one of these. */
const [query, sync, terminate] = [typeOf("Q"), typeOf("S"), typeOf("X")];

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

export const queryMessage = (text: string): Buffer => message("Q", Buffer.from(`${text}\0`));

/** Authentication is over, texts are UTF-8, and the server is idle. */
export const welcome = Buffer.concat([
  message("R", Buffer.alloc(4)),
  message("S", Buffer.from("client_encoding\0UTF8\0")),
  message("Z", Buffer.from("I")),
]);

/** Whether an answer, whose last message is ReadyForQuery, leaves no transaction open. */
export const isIdle = (answer: Uint8Array): boolean => answer.at(-1) === typeOf("I");

/** The user that the first message of a client names. */
export const userOf = (startup: Buffer): string => {
  const words = startup.toString("utf8", 8).split("\0");
  return words[words.indexOf("user") + 1] ?? "";
};

export type Batch = { readonly kind: "startup" | "request" | "goodbye"; readonly bytes: Buffer };

/** Cuts what a client sends into batches that are whole: each ends with a message that is answered at once. */
export const createBatches = () => {
  let rest = Buffer.alloc(0);
  let started = false;

  const next = (): Batch | undefined => {
    for (let at = 0; ; ) {
      // The first message has no type.
      const lengthAt = started ? at + 1 : at;
      if (rest.length < lengthAt + 4) return undefined;
      const type = started ? rest[at] : undefined;
      at = lengthAt + rest.readInt32BE(lengthAt);
      if (rest.length < at) return undefined;
      const whole = type === undefined || type === query || type === sync;
      if (!whole && type !== terminate) continue;
      const bytes = rest.subarray(0, at);
      rest = rest.subarray(at);
      const kind = started ? (type === terminate ? "goodbye" : "request") : "startup";
      started = true;
      return { kind, bytes };
    }
  };

  return (chunk: Buffer): Batch[] => {
    rest = Buffer.concat([rest, chunk]);
    const batches: Batch[] = [];
    for (let batch = next(); batch; batch = next()) batches.push(batch);
    return batches;
  };
};
