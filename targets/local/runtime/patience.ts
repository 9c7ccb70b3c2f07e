/** What real processes do takes real time: booting, draining, working. Scaled waits for them have a floor. */
import type { Seconds } from "../../../platform/model/types.ts";
import type { Time } from "../time.ts";

/** Real milliseconds for so many model seconds, at least `floor`, but no floor makes a form more patient than it is. */
export function patience(time: Time, seconds: Seconds, floor: number): number {
  return time.milliseconds(seconds, Math.min(floor, seconds * 1000));
}
