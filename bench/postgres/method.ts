import type { Scale } from "../scale.ts";

/** How the figures came about, for docs/benchmarks.md. */
export const method = (
  scale: Scale,
): string => `The same contexts; all sides on one server, each in a schema of its own. Everything returns once it is durable.

- **Bare SQL** is written by hand for the same driver (\`pg\`), on the same tables and indexes without row-level
  security, with the same number of connections: a prepared select by key, and one statement that inserts what
  waits at one moment as arrays (\`unnest\`) and bumps the tenant's counter. It writes the same rows and reads the
  same contexts, but checks nothing, expects no conflicts and keeps no versions.
- **PostgresStore** is LangGraph's, as its documentation sets it up, without an index of vectors, the embedding
  an array of numbers in its JSON. It keeps no versions and no log of changes. Most of a put's cost is its index
  over all of the JSON, which holds each of the 384 numbers; the index puts work off and does it every few hundred
  puts at a put's expense, and rounds of puts are long enough to hold that. With the embedding **as text** (base64)
  the index is spared; that is measured beside it, and has no target.
- Autovacuum is off for the tables of all sides: it would do what PostgresStore's index put off while another side
  has its turn. With it on, PostgresStore's puts by 64 writers went at anything from 400 to 2,000 a second, and the
  ratio was 6 to 20.
- The sides take turns in ${scale.serverRounds} rounds of ${scale.serverPutsTogether.toLocaleString("en")} puts by 64 writers, ${scale.serverSinglePuts} puts one after another, ${scale.serverSingleGets} gets one
  after another and ${scale.serverGetsTogether.toLocaleString("en")} gets by 64 readers, in this order; each caller awaits its call and then makes its
  next. Who is first moves on with each round. ${scale.warmUps} rounds before them do not count.
- After the puts by 64 writers the server gathers its statistics (\`ANALYZE\`), as it otherwise does by itself.
- Gets are of contexts chosen at random from all that were put; no side caches any.
- What was stored is read back from every side and compared with what was given; what each side's gets added up
  to is the same, and so is the number of rows in all tables of Contextbase and of bare SQL; a difference ends
  the run with an error.`;
