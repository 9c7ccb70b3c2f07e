/** Which workload of one side is which of the other: teams rarely name both alike. */
import type { Reading } from "./seen.ts";

export interface Pairs {
  readonly pairs: readonly (readonly [ecs: Reading, kubernetes: Reading])[];
  readonly onlyEcs: readonly Reading[];
  readonly onlyKubernetes: readonly Reading[];
}

/** @param told pairs by name that somebody has given; they come first */
export function pairUp(
  ecs: readonly Reading[],
  kubernetes: readonly Reading[],
  told: ReadonlyMap<string, string> = new Map(),
): Pairs {
  const pairs: (readonly [Reading, Reading])[] = [];
  const left = { ecs: [...ecs], kubernetes: [...kubernetes] };
  const rounds: readonly ((a: Reading, b: Reading) => boolean)[] = [
    (a, b) => told.get(a.name) === b.name,
    (a, b) => a.name === b.name,
    (a, b) => core(a.name, ecs) === core(b.name, kubernetes),
    (a, b) => [b.name, b.main.name].includes(a.main.name),
    // One of each: nothing else can be meant.
    () => ecs.length === 1 && kubernetes.length === 1,
  ];
  for (const fits of rounds) {
    for (const one of [...left.ecs]) {
      const candidates = left.kubernetes.filter((each) => fits(one, each));
      const [other] = candidates;
      if (!other || candidates.length > 1) continue;
      pairs.push([one, other]);
      left.ecs.splice(left.ecs.indexOf(one), 1);
      left.kubernetes.splice(left.kubernetes.indexOf(other), 1);
    }
  }
  return { pairs, onlyEcs: left.ecs, onlyKubernetes: left.kubernetes };
}

/** `shop-prod-api-service` among others of `shop-prod-` → `api`. */
function core(name: string, all: readonly Reading[]): string {
  const names = all.map((each) => each.name.toLowerCase());
  const words = name.toLowerCase().split(/[-_]/);
  let shared = 0;
  const starts = (count: number): boolean =>
    names.every((each) => words.slice(0, count).join("-") === each.split(/[-_]/).slice(0, count).join("-"));
  while (names.length > 1 && shared < words.length - 1 && starts(shared + 1)) shared++;
  const rest = words.slice(shared);
  return (
    rest.length > 1 && /^(service|svc|app|deployment|task)$/.test(rest.at(-1) ?? "") ? rest.slice(0, -1) : rest
  ).join("-");
}
