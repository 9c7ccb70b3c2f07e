import { type CryptoKey, importJWK } from "jose";
import { z } from "zod";

import { ALGORITHM, TOKEN_LIFETIME_SECONDS } from "./token-form.ts";
import type { Logger } from "./logging.ts";

/** The public keys of whoever issues tokens. */
export interface KeySet {
  /** @returns undefined for a key that the issuer does not have. @throws KeysAway when it could not be asked */
  key(kid: string): Promise<CryptoKey | undefined>;
}

/** Nothing can be said of the token: the issuer does not answer and its key isn't held. */
export class KeysAway extends Error {
  override name = "KeysAway";
}

export interface KeySetOptions {
  /** Fetches the JWKS document. */
  readonly load: () => Promise<unknown>;
  readonly log: Logger;
  readonly now?: () => number;
}

/** Milliseconds. */
const TIMES = {
  /** Older than this, keys are fetched anew in the background. */
  fresh: 120_000,
  /**
   * A key is believed this long after it was last served. That outlives every token of an issuer that went away, keeps
   * the keys of both generations while replicas change over to a new one, and ends a key that was withdrawn.
   */
  keep: (TOKEN_LIFETIME_SECONDS + 300) * 1000,
  /** Between two fetches, so that made-up key ids can't flood the issuer. */
  cooldown: 10_000,
  cooldownAfterFailure: 1_000,
} as const;

const document = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), crv: z.string().optional(), kid: z.string().optional() })),
});
const fit = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  kid: z.string().min(1),
  use: z.literal("sig").optional(),
  alg: z.literal(ALGORITHM).optional(),
});

interface Held {
  readonly key: CryptoKey;
  /** Milliseconds: when the issuer last had it in its set. */
  readonly servedAt: number;
}

/** Keys by id, fetched when first needed, once for all who wait, and renewed while they are in use. */
export function createKeySet({ load, log, now = Date.now }: KeySetOptions): KeySet {
  const keys = new Map<string, Held>();
  let last: { readonly at: number; readonly worked: boolean } | undefined;
  let loading: Promise<void> | undefined;

  const fetchKeys = async (): Promise<void> => {
    try {
      const served = await importKeys(await load());
      const servedAt = now();
      for (const [kid, key] of served) keys.set(kid, { key, servedAt });
      for (const [kid, held] of keys) if (servedAt - held.servedAt >= TIMES.keep) keys.delete(kid);
      if (last?.worked === false) log.info("token keys can be fetched again");
      last = { at: servedAt, worked: true };
    } catch (error) {
      if (last?.worked !== false) log.warn({ err: error }, "token keys could not be fetched");
      last = { at: now(), worked: false };
    }
  };

  const renew = async (): Promise<void> => {
    const pause = last?.worked === false ? TIMES.cooldownAfterFailure : TIMES.cooldown;
    if (!loading && last && now() - last.at < pause) return;
    await (loading ??= fetchKeys().finally(() => (loading = undefined)));
  };

  const held = (kid: string): Held | undefined => {
    const found = keys.get(kid);
    return found && now() - found.servedAt < TIMES.keep ? found : undefined;
  };

  return {
    key: async (kid) => {
      const known = held(kid);
      if (known) {
        if (now() - known.servedAt >= TIMES.fresh) void renew();
        return known.key;
      }
      await renew();
      const found = held(kid)?.key;
      if (!found && !last?.worked) throw new KeysAway("the issuer's keys can't be fetched");
      return found;
    },
  };
}

/** The keys that fit; another kind of key in the document is nothing to us. @throws when it is no JWKS document */
async function importKeys(served: unknown): Promise<ReadonlyMap<string, CryptoKey>> {
  const found = new Map<string, CryptoKey>();
  for (const candidate of document.parse(served).keys) {
    const { data } = fit.safeParse(candidate);
    if (!data) continue;
    const key = await importJWK(data, ALGORITHM);
    if (!(key instanceof Uint8Array)) found.set(data.kid, key);
  }
  return found;
}
