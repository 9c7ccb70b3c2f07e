import { pause } from "../../shared/retry.ts";

const MOST_WAIT_MS = 900_000;

/** What a server lets us ask before it refuses, as its answers say; all of a source's streams share it. */
export class Allowance {
  #until = 0;

  /** Reads `x-ratelimit-remaining` and `x-ratelimit-reset` (seconds). @source Reddit's API rules, read 2026-11 */
  note(headers: Headers, now = performance.now()): void {
    const remaining = number(headers.get("x-ratelimit-remaining"));
    const reset = number(headers.get("x-ratelimit-reset"));
    if (remaining === undefined || reset === undefined || remaining >= 1) return;
    this.#until = Math.max(this.#until, now + Math.min(reset * 1000, MOST_WAIT_MS));
  }

  /** Milliseconds until we may ask again. */
  wait(now = performance.now()): number {
    return Math.max(0, this.#until - now);
  }

  /** Resolves when we may, or the signal fires. */
  async ready(signal: AbortSignal): Promise<void> {
    for (let wait = this.wait(); wait > 0 && !signal.aborted; wait = this.wait()) await pause(wait, signal);
  }
}

function number(text: string | null): number | undefined {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
