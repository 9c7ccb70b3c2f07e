/** Which resource waits for which, over any number of steps. */
import type { Registered, Run } from "./types.ts";

/** Everything that exists before a resource is made, by URN: what it names or depends on, and so on. */
export function madeBefore({ resources }: Run, resource: Registered): ReadonlySet<string> {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const found = new Set<string>();
  const visit = ({ dependsOn }: Registered): void => {
    for (const urn of dependsOn) {
      if (found.has(urn)) continue;
      found.add(urn);
      const next = byUrn.get(urn);
      if (next) visit(next);
    }
  };
  visit(resource);
  return found;
}
