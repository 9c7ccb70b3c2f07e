/** Addresses outside that users give us to call: their shape. Where they lead is looked at again at each call. */
import { isIP } from "node:net";

import { z } from "zod";

const MOST = 2_048;
/** Names that mean something inside a network only. @source RFC 6761, RFC 6762, RFC 8375; the rest are Kubernetes' and AWS' */
const INSIDE = ["localhost", "local", "internal", "home.arpa", "svc", "cluster", "test", "example", "invalid", "onion"];

/** @returns what is wrong with it, or undefined */
function fault(text: string): string | undefined {
  if (!URL.canParse(text)) return "must be a URL";
  const url = new URL(text);
  const host = url.hostname.replace(/\.$/, "");
  if (url.username !== "" || url.password !== "") return "must not hold a user or a password";
  if (url.hash !== "" || text.includes("#")) return "must not have a fragment";
  // The parser has turned every way to write an IPv4 address into four numbers; IPv6 stands in brackets.
  if (isIP(host) !== 0 || host.startsWith("[")) return "must name a host, not an address";
  if (!host.includes(".") || INSIDE.some((name) => host === name || host.endsWith(`.${name}`)))
    return "must name a public host";
  return url.port === "" ? undefined : "must use port 443";
}

/** An https URL of a public host, in the form that the URL parser gives it. */
export const outsideUrl = z
  .string("must be an https URL")
  .regex(/^[Hh][Tt][Tt][Pp][Ss]:\/\//, "must be an https URL")
  .max(MOST, `must be at most ${MOST} characters`)
  .transform((text, context) => {
    const message = fault(text);
    // Non-ASCII parts are written in three characters for each byte, so the length is looked at again.
    if (message === undefined && new URL(text).href.length <= MOST) return new URL(text).href;
    context.addIssue({ code: "custom", message: message ?? `must be at most ${MOST} characters` });
    return z.NEVER;
  });
