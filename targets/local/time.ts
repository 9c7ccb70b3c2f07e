/** Model seconds pass faster on this machine than on AWS: every wait is divided by one declared factor. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Seconds } from "../../platform/model/types.ts";

export interface Time {
  /** Model seconds that pass in one real second. */
  readonly scale: number;
  /** Real milliseconds for so many model seconds, never under `floor`. */
  milliseconds(seconds: Seconds, floor?: number): number;
  /** @throws AbortError when the signal fires first */
  wait(seconds: Seconds, signal?: AbortSignal): Promise<void>;
}

/** @throws RangeError when the scale is not a positive number */
export function createTime(scale: number): Time {
  if (!(scale > 0)) throw new RangeError(`A time scale is a positive number, not ${scale}`);
  const milliseconds = (seconds: Seconds, floor = 0): number => Math.max(floor, Math.round((seconds * 1000) / scale));
  return {
    scale,
    milliseconds,
    wait: (seconds, signal) => sleep(milliseconds(seconds), undefined, signal ? { signal } : {}),
  };
}
