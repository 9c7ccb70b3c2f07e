/** Everything that is derived from the one signing secret, the same on every replica of both sides. */
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";

import { calculateJwkThumbprint, type CryptoKey, importJWK } from "jose";

import { ALGORITHM } from "../shared/token-form.ts";

/** A public key as the JWKS document shows it. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: typeof ALGORITHM;
}

export interface Keys {
  /** Signs access tokens. */
  readonly signing: KeyObject;
  readonly verifying: CryptoKey;
  readonly jwk: PublicJwk;
  /** The refresh token that follows another: computed, so that two who ask with one token get one answer. */
  successor(secret: Uint8Array): Buffer;
  /** Hashes that only we can compute, of what must be recognised but not be read. */
  addressHash(emailKey: string): Buffer;
  clientHash(network: string): string;
}

const KEY_BYTES = 32;
/** The DER that stands before the 32 bytes of a private Ed25519 key. @source RFC 8410, section 7 */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
/** 96 bits tell clients apart, and no more of the hash need be kept. */
const CLIENT_HASH_CHARACTERS = 24;

/** One key a purpose by HKDF (RFC 5869); the key id is the thumbprint of RFC 7638, so no list of ids has to be kept. */
export async function deriveKeys(secret: string): Promise<Keys> {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secret, "", `cryptotracker ${purpose}`, KEY_BYTES));
  const hmac = (purpose: string) => {
    const key = derive(purpose);
    return (data: string | Uint8Array): Buffer => createHmac("sha256", key).update(data).digest();
  };
  const der = Buffer.concat([Buffer.from(PKCS8_PREFIX, "hex"), derive("access tokens")]);
  const signing = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x = "" } = createPublicKey(signing).export({ format: "jwk" });
  const bare = { kty: "OKP", crv: "Ed25519", x } as const;
  const jwk: PublicJwk = { ...bare, kid: await calculateJwkThumbprint(bare), use: "sig", alg: ALGORITHM };
  const verifying = await importJWK(jwk, ALGORITHM);
  if (verifying instanceof Uint8Array) throw new TypeError("an Ed25519 key was read as a symmetric one");
  const client = hmac("client addresses");
  return {
    signing,
    verifying,
    jwk,
    successor: hmac("refresh tokens"),
    addressHash: hmac("e-mail addresses"),
    clientHash: (network) => client(network).toString("hex").slice(0, CLIENT_HASH_CHARACTERS),
  };
}
