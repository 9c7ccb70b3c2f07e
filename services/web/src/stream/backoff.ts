/** How long to wait before the next attempt. */

export interface BackoffOptions {
  readonly firstMilliseconds: number;
  readonly mostMilliseconds: number;
}

export const BACKOFF: BackoffOptions = { firstMilliseconds: 500, mostMilliseconds: 30_000 };

/**
 * Doubles with each attempt that fails, and takes a random half of it: thousands of pages that lost one server must not
 * come back in one instant.
 *
 * @param attempt 0 for the first one
 * @param random from 0 up to 1
 */
export function delay(attempt: number, random: number, options: BackoffOptions = BACKOFF): number {
  const full = Math.min(options.mostMilliseconds, options.firstMilliseconds * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
