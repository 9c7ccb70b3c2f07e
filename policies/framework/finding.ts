/** Something that is not as it should be. */
import type { Resource } from "./given.ts";

/** `found` never holds a secret: a message ends in logs. */
export interface Finding {
  /** Where in the resource, `containerDefinitions.api.privileged`. */
  readonly at: string;
  readonly found: string | number | boolean | undefined;
  readonly allowed: string;
  /** Of a stack rule: whom it is about, when it is one resource. */
  readonly on?: Resource;
}
