/** Every operation takes a signal. A write that is being made durable when it fires is finished. */
export type CallOptions = { readonly signal?: AbortSignal | undefined };

export type AsOfOptions = CallOptions & {
  /** The state at that time, rather than the current one; at or after now it is the current one. */
  readonly asOf?: Date | string | undefined;
};
