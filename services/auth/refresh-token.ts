/**
 * The form of refresh tokens: the session's id and 32 secret bytes, opaque to clients.
 *
 * The id leads to the session even when the secret is an old one, which is how reuse is noticed without keeping every
 * token that ever was. It is shown nowhere else.
 */
import { createHash } from "node:crypto";

export const REFRESH_TOKEN = /^[\w-]{64}$/;

const ID_BYTES = 16;
export const SECRET_BYTES = 32;

export interface RefreshToken {
  readonly session: string;
  readonly secret: Buffer;
}

export function writeToken({ session, secret }: RefreshToken): string {
  return Buffer.concat([Buffer.from(session.replaceAll("-", ""), "hex"), secret]).toString("base64url");
}

/** @param text of the form `REFRESH_TOKEN` */
export function readToken(text: string): RefreshToken {
  const bytes = Buffer.from(text, "base64url");
  const hex = bytes.subarray(0, ID_BYTES).toString("hex");
  const session = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { session, secret: bytes.subarray(ID_BYTES) };
}

/** What is stored of a token. A secret of 32 random bytes needs no slow hash. */
export const hashOf = (secret: Buffer): Buffer => createHash("sha256").update(secret).digest();
