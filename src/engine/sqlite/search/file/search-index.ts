import type { StoreFile } from "../../connection/store-file.ts";
import { createSavedPartitions, type SavedPartitions } from "./saved-partitions.ts";
import { createSavedPostings, type SavedPostings } from "./saved-postings.ts";
import { openSearchFile } from "./search-file.ts";
import { inSlices, type Pieces } from "./slices.ts";

/** A search file that is open. */
export type SearchIndex = {
  readonly partitions: SavedPartitions;
  readonly postings: SavedPostings;
  /** Runs reads on one state of the file. */
  readonly together: <Result>(work: () => Result) => Result;
  /** Runs pieces that read on one state of the file. Others have their turn in between. */
  readonly look: <Result>(pieces: () => Pieces<Result>) => Promise<Result>;
  /**
   * Runs pieces as one transaction, which is undone where they throw or give undefined. Others have their turn in
   * between, but no other transaction.
   * @param done is called with what they gave as soon as it is committed
   */
  readonly change: <Result>(
    pieces: () => Pieces<Result | undefined>,
    done: (result: Result) => void,
  ) => Promise<boolean>;
  readonly close: () => void;
};

export const createSearchIndex = (file: StoreFile): SearchIndex => {
  const database = openSearchFile(file);
  const [begin, beginChange, commit, rollback] = ["BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].map(
    (statement) => database.prepare(statement),
  );
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const taken = last.then(work);
    last = taken.catch(() => undefined);
    return taken;
  };

  const undo = (): void => {
    if (database.open && database.inTransaction) rollback?.run();
  };

  return {
    partitions: createSavedPartitions(database),
    postings: createSavedPostings(database),
    together: (work) => {
      if (database.inTransaction) return work();
      begin?.run();
      try {
        return work();
      } finally {
        undo();
      }
    },
    look: (pieces) =>
      inTurn(async () => {
        begin?.run();
        try {
          return await inSlices(pieces());
        } finally {
          undo();
        }
      }),
    change: (pieces, done) =>
      inTurn(async () => {
        beginChange?.run();
        try {
          const result = await inSlices(pieces());
          if (result === undefined) return false;
          commit?.run();
          done(result);
          return true;
        } finally {
          undo();
        }
      }),
    close: () => database.close(),
  };
};
