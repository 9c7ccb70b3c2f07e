/** Ceilings as a configuration gives them, and what stands above one. */
import { z } from "zod";
import type { Finding } from "../framework/finding.ts";
import { shown, UNITS } from "../demand/size.ts";

const amount = z.number().nonnegative().optional();

/** What is not there is not limited. */
export const ceilings = z.strictObject({
  vcpu: amount,
  memoryGiB: amount,
  gpus: amount,
  storageGiB: amount,
  replicas: amount,
});
export type Ceilings = z.infer<typeof ceilings>;

export type Amounts = { readonly [D in keyof Ceilings]?: number };

const DIMENSIONS = ["vcpu", "memoryGiB", "gpus", "storageGiB", "replicas"] as const;

/** A finding for each dimension in which `found` is more than allowed. `detail` says what the amount is made of. */
export function* above(
  at: string,
  found: Amounts,
  allowed: Ceilings,
  on?: Finding["on"],
  detail: (dimension: (typeof DIMENSIONS)[number]) => string = () => "",
): Iterable<Finding> {
  for (const dimension of DIMENSIONS) {
    const ceiling = allowed[dimension];
    const amount = found[dimension];
    if (ceiling === undefined || amount === undefined || amount <= ceiling) continue;
    yield {
      at: `${at}.${dimension}`,
      found: `${shown(amount)} ${UNITS[dimension]}${detail(dimension)}`,
      allowed: `at most ${shown(ceiling)} ${UNITS[dimension]}`,
      ...(on ? { on } : {}),
    };
  }
}
