import { ContextbaseError } from "../../base/errors.ts";

const host = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const origin = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Refuses what a page of another site could have a browser send here. Such a site can make its own name lead
 * to this machine (DNS rebinding), but then its name is what Host and Origin say.
 * @throws ContextbaseError forbidden_origin
 */
export const checkLoopback = (headers: Headers, url: string): void => {
  const target = new URL(url).host;
  check("Host", headers.get("Host") ?? target, host);
  // A request line may hold a whole URL, which then counts more than Host does (RFC 9112, section 3.2.2).
  check("The host of the URL", target, host);
  const from = headers.get("Origin");
  if (from !== null) check("Origin", from, origin);
};

const check = (name: string, value: string, allowed: RegExp): void => {
  if (allowed.test(value)) return;
  const told = JSON.stringify(value.slice(0, 200));
  const message = `${name} is ${told}. Only this machine is served: localhost, 127.0.0.1 or [::1].`;
  throw new ContextbaseError("forbidden_origin", message);
};
