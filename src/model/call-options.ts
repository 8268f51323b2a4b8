/** Every operation takes a signal. A write that is being made durable when it fires is finished. */
export type CallOptions = { readonly signal?: AbortSignal | undefined };
