import type { AsOfReads } from "../port/as-of.ts";
import { gatherCount } from "./gather-count.ts";
import { gatherList } from "./gather-list.ts";
import { gatherPages } from "./gather-pages.ts";
import { gatherSearch } from "./gather-search.ts";
import { readSubject } from "./read-subject.ts";

/** Reads that walk over what stood page by page, on the caller's thread, where others have their turn in between. */
export const pagedReads = (standing: AsOfReads["standing"]): Omit<AsOfReads, "readAsOf"> => ({
  standing,
  listAsOf: (query) => gatherPages(standing, query, gatherList(query, readSubject)),
  countAsOf: (query) => gatherPages(standing, query, gatherCount(query, readSubject)),
  searchAsOf: (query) => gatherPages(standing, query, gatherSearch(query, readSubject), query.signal),
});
