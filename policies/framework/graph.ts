/** The whole stack, as a stack rule sees it. */
import type { Resource, Subject } from "./given.ts";

export interface Seen<View> {
  readonly resource: Resource;
  /** Reads when it is asked, for an unknown value throws. */
  readonly view: () => View;
}

export interface Graph {
  readonly resources: readonly Resource[];
  readonly all: <Props, View>(subject: Subject<Props, View>) => readonly Seen<View>[];
}

export function graphOf(resources: readonly Resource[]): Graph {
  return {
    resources,
    all: ({ types, view }) => {
      const wanted = new Set(types);
      return (
        resources
          .filter(({ type }) => wanted.has(type))
          // The engine keeps a resource to its type's schema, so the type's name vouches for the shape.
          .map((resource) => ({ resource, view: () => view(resource.props as Parameters<typeof view>[0]) }))
      );
    },
  };
}

/** The resources of a subject that a property's value comes from. */
export function comesFrom(resource: Resource, property: string, { types }: { types: readonly string[] }): Resource[] {
  return (resource.from[property] ?? []).filter(({ type }) => types.includes(type));
}
