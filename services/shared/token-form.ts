/** What the issuer of access tokens and those who verify them must agree on. */

export const ISSUER = "cryptotracker";
export const AUDIENCE = "cryptotracker";
/** Ed25519. @source RFC 8037, "CFRG ECDH and Signatures in JOSE" */
export const ALGORITHM = "EdDSA";
/** Short, because a token that is out can't be called back: who signs out keeps access at most this long. */
export const TOKEN_LIFETIME_SECONDS = 600;
/** Where the issuer shows its public keys. */
export const JWKS_PATH = "/.well-known/jwks.json";
