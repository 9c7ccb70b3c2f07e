/** Small changes to a fixture: something taken out of it, something made unknown as a preview would. */
import * as policy from "@pulumi/policy";

type Json = Record<string, unknown>;

/** The engine's stand-in for a string that is not known yet. @source pulumi/sdk, "UnknownStringValue" */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The SDK's own guard, under which a policy sees properties; exported by it without a type. */
export function guarded(props: object): object {
  const guard = Reflect.get(policy, "unknownCheckingProxy") as (props: object) => object;
  // As it comes over the wire: JSON, without what is undefined and without guards.
  return guard(JSON.parse(JSON.stringify(props)) as object);
}

/** A copy without what is at the path; JSON inside a string is looked through. */
export function without(props: object, path: string): object {
  return changed(props, path, (parent, key) => Reflect.deleteProperty(parent, key));
}

/** A copy in which nobody knows what is at the path; inside of JSON, the whole string is unknown. */
export function unknownAt(props: object, path: string): object {
  const copy = structuredClone(props);
  const keys = path.split(".");
  let parent: Json = copy as Json;
  for (const [index, key] of keys.entries()) {
    const value = parent[key];
    if (index === keys.length - 1 || typeof value === "string") {
      parent[key] = UNKNOWN;
      return copy;
    }
    parent[key] ??= {};
    parent = parent[key] as Json;
  }
  return copy;
}

function changed(props: object, path: string, change: (parent: Json, key: string) => void): object {
  const copy = structuredClone(props) as Json;
  const [key = "", ...rest] = path.split(".");
  const value = copy[key];
  if (rest.length === 0) change(copy, key);
  else if (typeof value === "string") {
    copy[key] = JSON.stringify(changed(JSON.parse(value) as object, rest.join("."), change));
  } else copy[key] = changed(value ?? {}, rest.join("."), change);
  return copy;
}
