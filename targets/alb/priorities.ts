/**
 * Listener rule priorities: unique on a listener, lower first. Each kind of rule has a band of its own, so stacks that
 * share a listener never meet; within a band the longer path comes first. A rule's place depends on its own paths
 * alone, so a new service moves nobody else's.
 */
/** @source ELB user guide, "Listener rules": at most five values in all of a rule's conditions, 2026-11 */
export const VALUES_A_RULE = 5;

/** Tries come before weights, weights before defaults. Each of a band's owners has `BAND` places. */
const BAND = 4000;
const BANDS = {
  "trial-ecs": 1,
  "trial-eks": 1 + BAND,
  "trial-kubernetes": 1 + 2 * BAND,
  traffic: 1 + 4 * BAND,
  default: 1 + 8 * BAND,
} as const;
export type Band = keyof typeof BANDS;

/** Places for paths of one length, and the longest length that counts. */
const SLOTS = 50;
const LONGEST = BAND / SLOTS - 1;

export interface PathRule {
  readonly service: string;
  /** At most as many as the rule has room for, all of one length. */
  readonly paths: readonly string[];
}

/** Paths of the services, as few rules as the limit on values allows. */
export function pathRules(
  routes: readonly { readonly service: string; readonly paths: readonly string[] }[],
  room: number,
): readonly PathRule[] {
  return routes.flatMap(({ service, paths }) => {
    const byLength = Map.groupBy([...paths].sort(), literalLength);
    return [...byLength.values()].flatMap((alike) =>
      Array.from({ length: Math.ceil(alike.length / room) }, (_, index) => ({
        service,
        paths: alike.slice(index * room, (index + 1) * room),
      })),
    );
  });
}

/** A priority for each rule, in their order. @throws Error when a band has no place left */
export function priorities(rules: readonly PathRule[], band: Band): readonly number[] {
  const taken = new Set<number>();
  return rules.map(({ paths }) => {
    const [first = "/"] = paths;
    const level = LONGEST - Math.min(literalLength(first), LONGEST);
    for (let step = 0; step < SLOTS; step++) {
      const priority = BANDS[band] + level * SLOTS + ((hash(first) + step) % SLOTS);
      if (taken.has(priority)) continue;
      taken.add(priority);
      return priority;
    }
    throw new Error(`More than ${SLOTS} listener rules have paths as long as ${first}.`);
  });
}

/** What stands before the first wildcard. An exact path counts one more: it goes before `<path>*`. */
function literalLength(path: string): number {
  const wildcard = path.search(/[*?]/);
  return wildcard === -1 ? path.length + 1 : wildcard;
}

/** FNV-1a: the same on every machine. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
