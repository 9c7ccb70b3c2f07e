import { domainToASCII } from "node:url";

/** An address as it is written to, and as it is compared. */
export interface Email {
  readonly address: string;
  readonly key: string;
}

/** @source RFC 5321, section 4.5.3.1: local part 64, whole path 256 with its angle brackets */
const LONGEST = 254;
const LONGEST_LOCAL = 64;
/** @source RFC 5322, section 3.2.3, dot-atom. Quoted local parts and those beyond ASCII are refused: few servers take them. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN_CHARACTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** At least two labels, the last no number: an IP address is no domain. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an e-mail address; undefined when it isn't one.
 *
 * The domain is brought to its ASCII form in lower case. The local part is kept, since its case is its server's matter;
 * for comparing it is lowered too, since no server in use tells two people apart by it, and a second account under
 * "Ann@" beside "ann@" would be a trap. Dots and +tags are left alone: what they mean is up to each server.
 */
export function readEmail(text: string): Email | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  const [local, domain] = [trimmed.slice(0, Math.max(at, 0)), trimmed.slice(at + 1)];
  if (at < 1 || local.length > LONGEST_LOCAL || !LOCAL.test(local) || !DOMAIN_CHARACTERS.test(domain)) return undefined;
  const ascii = domainToASCII(domain).toLowerCase();
  const address = `${local}@${ascii}`;
  return DOMAIN.test(ascii) && address.length <= LONGEST ? { address, key: address.toLowerCase() } : undefined;
}
