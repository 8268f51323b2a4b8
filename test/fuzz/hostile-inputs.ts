import fc from "fast-check";
import {
  almostObject,
  hostileEmbeddings,
  hostileName,
  hostileValue,
  hostileVersion,
  largeText,
  type Make,
  oneOf,
  recordOf,
  sound,
} from "./hostile.ts";

const free = recordOf(
  {
    id: hostileName,
    type: hostileName,
    content: almostObject,
    metadata: fc.oneof({ weight: 3, arbitrary: oneOf({}) }, { weight: 2, arbitrary: almostObject }),
    embeddings: hostileEmbeddings,
    version: hostileVersion,
    createdAt: hostileValue,
  },
  ["type", "content"],
);
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<Make> =>
  fc.oneof({ weight: 6, arbitrary: sound(arbitrary) }, { weight: 1, arbitrary: hostileValue });
const someText = fc.string({ unit: "grapheme" });
const strict = recordOf(
  {
    id: hostileName,
    type: fc.oneof({ weight: 8, arbitrary: oneOf("profile", "open") }, { weight: 1, arbitrary: hostileName }),
    content: fc.oneof(
      {
        weight: 50,
        arbitrary: recordOf(
          {
            name: mostly(someText),
            plan: mostly(fc.constantFrom("free", "pro", undefined)),
            text: mostly(someText),
            more: hostileValue,
          },
          ["name", "text"],
        ),
      },
      // One text alone: what a schema drops counts for nothing.
      { weight: 1, arbitrary: recordOf({ name: largeText }, ["name"]) },
      { weight: 1, arbitrary: recordOf({ text: largeText }, ["text"]) },
      { weight: 5, arbitrary: almostObject },
    ),
    metadata: recordOf({ source: mostly(someText), more: hostileValue }),
    version: hostileVersion,
  },
  ["type", "content"],
);
const ticket = recordOf(
  {
    id: hostileName,
    type: fc.oneof({ weight: 8, arbitrary: oneOf("ticket") }, { weight: 1, arbitrary: hostileName }),
    content: recordOf({ title: mostly(someText), any: hostileValue }, ["title"]),
    embeddings: fc.oneof(
      { weight: 8, arbitrary: oneOf(undefined, []) },
      { weight: 1, arbitrary: hostileEmbeddings },
    ),
    metadata: almostObject,
  },
  ["type", "content"],
);

const how = fc.constantFrom("storeContext", "storeContexts", "updateContext", "altered draft");
export const attempt = fc.oneof(
  { weight: 3, arbitrary: fc.record({ component: fc.constant("Free"), input: free, how }) },
  { weight: 2, arbitrary: fc.record({ component: fc.constant("Strict"), input: strict, how }) },
  { weight: 1, arbitrary: fc.record({ component: fc.constant("Plain"), input: ticket, how }) },
);
