/** What an estimate is made of. */
import type { Result } from "../../platform/model/types.ts";
import { sum, type Monthly } from "./money.ts";

/** In the order in which a report has them. */
export const KINDS = ["workload", "capacity", "platform", "network", "edge", "store", "security", "telemetry"] as const;
export type Kind = (typeof KINDS)[number];

export interface Part {
  /** Of a workload its name; the same for both targets where it is the same thing. */
  readonly name: string;
  readonly kind: Kind;
  /** Rests on an assumption about use, not on prices and counts alone. */
  readonly estimated: boolean;
  readonly monthly: Monthly;
}

export interface Estimate {
  /** By kind, then as they come; each name once. */
  readonly parts: readonly Part[];
  /** Exactly the sum of the parts. */
  readonly total: Monthly;
}

/** Parts of the same kind and name are one. */
export function estimateOf(parts: readonly Part[]): Estimate {
  const byName = new Map<string, Part>();
  for (const part of parts) {
    const key = `${part.kind} ${part.name}`;
    const known = byName.get(key);
    const estimated = part.estimated || (known?.estimated ?? false);
    byName.set(key, known ? { ...known, estimated, monthly: sum([known.monthly, part.monthly]) } : part);
  }
  const order = [...byName.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return { parts: order, total: sum(order.map(({ monthly }) => monthly)) };
}

/** Every problem of several results at once, or all that they hold. */
export function together<T>(results: readonly Result<readonly T[]>[]): Result<readonly T[]> {
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: results.flatMap((result) => (result.ok ? result.value : [])) };
}
