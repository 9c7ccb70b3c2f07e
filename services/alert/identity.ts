import { createHash } from "node:crypto";

/** Drawn once. */
const ALERTS = "6f0c2f5e-8d0b-4f7c-9a51-5dcb6f1a7e43";

/** The id of the alert that a message makes a rule give: the same whoever finds it, and however often. */
export const alertId = (rule: string, message: string): string => uuid5(ALERTS, `${rule} ${message}`);

/** The UUID of a name in a namespace. @source RFC 9562, section 5.5: version 5, SHA-1 */
export function uuid5(namespace: string, name: string): string {
  const space = Buffer.from(namespace.replaceAll("-", ""), "hex");
  const hash = createHash("sha1").update(space).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
