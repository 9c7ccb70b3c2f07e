/** What the program registered → what rules read. */
import type { Resource } from "../framework/given.ts";
import { unmarked } from "./marks.ts";
import type { Registered, Run } from "./types.ts";

/** By inputs, as before a resource is made, and by what a provider would answer, as after it. */
export function resourcesOf({ resources }: Run): {
  readonly asked: readonly Resource[];
  readonly made: readonly Resource[];
} {
  return { asked: linked(resources, ({ inputs }) => inputs), made: linked(resources, ({ state }) => state) };
}

function linked(
  registered: readonly Registered[],
  props: (resource: Registered) => Readonly<Record<string, unknown>>,
): readonly Resource[] {
  const made = new Map<string, { readonly resource: Resource; readonly from: Record<string, readonly Resource[]> }>();
  for (const each of registered) {
    const { urn, type, name, protect } = each;
    const from: Record<string, readonly Resource[]> = {};
    made.set(urn, { from, resource: { urn, type, name, props: unmarked(props(each)) as object, protect, from } });
  }
  for (const { urn, from } of registered) {
    const entry = made.get(urn);
    for (const [property, urns] of Object.entries(from)) {
      if (entry) entry.from[property] = urns.flatMap((source) => made.get(source)?.resource ?? []);
    }
  }
  return [...made.values()].map(({ resource }) => resource);
}
