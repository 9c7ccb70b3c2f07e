/** What a controller does next: pure, from the form's own table of rollout steps. */
import type { Behaviour, RolloutStep } from "../../../platform/model/behaviour.ts";

/**
 * The form's own step for `count` replicas. This machine runs fewer than a form may ever want, so a count that its table
 * doesn't know takes the nearest step's shares, rounded to the safe side; one replica may always be replaced in the end.
 * No table at all: the old one goes before the new one comes.
 */
export function stepFor(rollout: readonly RolloutStep[], count: number): RolloutStep {
  const exact = rollout.find((step) => step.count === count);
  if (exact) return exact;
  const [nearest] = rollout
    .filter((step) => step.count > 0)
    .toSorted((a, b) => Math.abs(a.count - count) - Math.abs(b.count - count));
  if (!nearest || count === 0) return { count, atLeast: 0, atMost: count };
  const atLeast = Math.min(count, Math.ceil((count * nearest.atLeast) / nearest.count));
  const atMost = Math.max(count, Math.floor((count * nearest.atMost) / nearest.count));
  return { count, atMost, atLeast: atLeast === count && atMost === count ? count - 1 : atLeast };
}

/** What is asked of a replica to decide about it. */
interface Member {
  readonly behaviour: Behaviour;
  readonly ready: boolean;
  readonly stopping: boolean;
}

export interface Wanted {
  readonly behaviour: Behaviour;
  readonly desired: number;
  /** Replicas of this version whose process is about to be there. */
  readonly starting: number;
}

/**
 * Which replicas to stop now, and whether to start one more.
 * Those that leave still count against `atMost`, until their process is gone: a full GPU node has no room for a second.
 */
export function decide<M extends Member>(
  members: readonly M[],
  { behaviour, desired, starting }: Wanted,
): { readonly stop: readonly M[]; readonly start: boolean } {
  const step = stepFor(behaviour.rollout, desired);
  const staying = members.filter(({ stopping }) => !stopping);
  const current = staying.filter((member) => member.behaviour === behaviour);
  const old = staying.filter((member) => member.behaviour !== behaviour);
  // the newest first, and of those that are not ready before all others: that costs least
  const surplus = unreadyFirst(current.toReversed()).slice(0, Math.max(0, current.length - desired));
  const stop = [...surplus];
  let ready = staying.filter((member) => member.ready && !surplus.includes(member)).length;
  for (const member of unreadyFirst(old)) {
    if (member.ready && ready - 1 < Math.min(step.atLeast, desired)) break;
    if (member.ready) ready -= 1;
    stop.push(member);
  }
  const room = Math.max(step.atMost, desired) - members.length - starting;
  return { stop, start: room > 0 && current.length + starting < desired };
}

function unreadyFirst<M extends Member>(members: readonly M[]): readonly M[] {
  return members.toSorted((a, b) => Number(a.ready) - Number(b.ready));
}
