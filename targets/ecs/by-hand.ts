/** Counts by hand on the compiled form: a floor for autoscaling, or the count itself with autoscaling suspended. */
import type { ByHand } from "../../platform/replicas.ts";
import type { EcsUnit, Scaling } from "./forms.ts";

const SUSPENDED = {
  dynamicScalingInSuspended: true,
  dynamicScalingOutSuspended: true,
  scheduledScalingSuspended: true,
} as const;

/**
 * Both write the count itself too: a changed minimum moves nothing until a policy acts the next time.
 * @source Application Auto Scaling API reference, RegisterScalableTarget, 2026-11
 */
export function byHand({ service, scaling, ...unit }: EcsUnit, counts: ByHand): EcsUnit {
  if (!service) return unit;
  const desiredCount = "exactly" in counts ? counts.exactly : Math.max(service.desiredCount ?? 0, counts.atLeast);
  return { ...unit, service: { ...service, desiredCount }, ...(scaling ? { scaling: scaled(scaling, counts) } : {}) };
}

function scaled(scaling: Scaling, counts: ByHand): Scaling {
  if ("exactly" in counts) return { ...scaling, suspendedState: SUSPENDED };
  return { ...scaling, minCapacity: Math.max(scaling.minCapacity, counts.atLeast) };
}
