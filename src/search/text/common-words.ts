import { termOf } from "./term-of.ts";

const words = `
a about above after again against all am an and any are as at be because been before being below between both but by
can could did do does doing down during each ever few for from further had has have having he her here hers herself him
himself his how i if in into is it its itself just many me more most much my myself no nor not of off on once only or
other our ours out over own same shall she should so some such than that the their theirs them then there these they
this those through to too under until up upon us very was we were what when where whether which while who whom whose
why will with would you your yours also might must`;

/**
 * The terms of English words that make sentences and say nothing of what they are about. Texts keep them; a search
 * leaves them out where there is anything else to search for. `may` is none: it is a month, too.
 */
export const commonTerms: ReadonlySet<string> = new Set(words.trim().split(/\s+/).map(termOf));
