import type { JsonObject } from "../../base/json.ts";
import type { StoredContext } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { decodeContext } from "../decode.ts";
import type { EncodedWrite } from "../encode.ts";

/** What of a context is merged. */
export type Side = {
  readonly type: string;
  readonly content: JsonObject;
  readonly metadata: JsonObject;
  readonly embeddings: Float32Array;
  readonly expiresAt?: number | undefined;
};

/** Undefined embeddings: those of the text, kept where the text stays and made where it does not. */
export type MergedSide = Omit<Side, "embeddings"> & { readonly embeddings: Float32Array | undefined };

export type Sides = { readonly base: Side | undefined; readonly yours: Side; readonly theirs: Side };

/** @throws ContextbaseError newer_schema, upgrade_failed, storage_corrupt */
export const sideOfStored = (component: Component, stored: StoredContext): Side => {
  const { type, content, metadata, embeddings } = decodeContext(component, stored);
  return { type, content, metadata, embeddings, expiresAt: stored.expiresAt };
};

export const sideOfWrite = ({ write, body }: EncodedWrite): Side => ({
  type: write.type,
  ...body,
  expiresAt: write.expiresAt,
});
