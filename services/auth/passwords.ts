/** Hashing passwords: argon2id, encoded with its parameters, so that these can be raised while accounts stay. */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

export interface Argon2Parameters {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** @source OWASP Password Storage Cheat Sheet, argon2id, read 2026-11: 19 MiB, 2 passes, 1 lane */
export const PARAMETERS: Argon2Parameters = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** Computes one hash away from the main thread. */
export type Derive = (password: string, salt: Uint8Array, parameters: Argon2Parameters) => Promise<Buffer>;

export interface Hasher {
  /** @returns `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one behind `encoded`. Without `encoded` the answer is no after the same work, so that
   * the time taken does not tell whether there was something to compare with.
   */
  verify(password: string, encoded: string | undefined): Promise<boolean>;
  /** Whether it was made with other parameters than today's. */
  isOutdated(encoded: string): boolean;
}

/** @source RFC 9106, section 4: 16 bytes of salt, 32 of tag */
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** The only version of argon2 in use (0x13). */
const VERSION = "19";
const ENCODED = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/;

const run = promisify(argon2);

export const deriveArgon2id: Derive = (password, salt, { memoryKiB, passes, lanes }) =>
  run("argon2id", {
    message: password,
    nonce: salt,
    memory: memoryKiB,
    passes,
    parallelism: lanes,
    tagLength: TAG_BYTES,
  });

export function createHasher(parameters: Argon2Parameters = PARAMETERS, derive: Derive = deriveArgon2id): Hasher {
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return encode(parameters, salt, await derive(password, salt, parameters));
    },
    verify: async (password, encoded) => {
      if (encoded === undefined) {
        await derive(password, randomBytes(SALT_BYTES), parameters);
        return false;
      }
      const { salt, tag, ...used } = decode(encoded);
      return timingSafeEqual(await derive(password, salt, used), tag);
    },
    isOutdated: (encoded) => {
      const { memoryKiB, passes, lanes } = decode(encoded);
      return memoryKiB !== parameters.memoryKiB || passes !== parameters.passes || lanes !== parameters.lanes;
    },
  };
}

/** The PHC string format: base64 without padding. */
function encode({ memoryKiB, passes, lanes }: Argon2Parameters, salt: Buffer, tag: Buffer): string {
  const [s, t] = [salt, tag].map((bytes) => bytes.toString("base64").replace(/=+$/, ""));
  return `$argon2id$v=${VERSION}$m=${memoryKiB},t=${passes},p=${lanes}$${s}$${t}`;
}

/** @throws on what `encode` did not make; without quoting it */
function decode(encoded: string): Argon2Parameters & { readonly salt: Buffer; readonly tag: Buffer } {
  const [, memory, passes, lanes, salt, tag] = ENCODED.exec(encoded) ?? [];
  if (salt === undefined || tag === undefined) throw new TypeError("a stored password hash can't be read");
  return {
    memoryKiB: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}
