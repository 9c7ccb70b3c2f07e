/**
 * Compiled JSON is pure data, so what only a cloud knows stands in it as `${kind.name.attribute}`. `deploy` fills these
 * with Pulumi Outputs, the local runtime with values of this machine.
 */
export type PlaceholderKind =
  | "bucket"
  | "cluster"
  | "group"
  | "image"
  | "logGroup"
  | "network"
  | "prefixList"
  | "queue"
  | "role"
  | "secret"
  | "securityGroup"
  | "store"
  | "targetGroup"
  | "topic";

/** `placeholder("secret", "database-url", "arn")` → `${secret.database-url.arn}`. */
export function placeholder(kind: PlaceholderKind, name: string, attribute: string): string {
  return `\${${kind}.${name}.${attribute}}`;
}

export interface Placeholder {
  readonly kind: string;
  readonly name: string;
  readonly attribute: string;
}

const PATTERN = /\$\{([A-Za-z]+)\.([a-z0-9.-]+)\.([A-Za-z]+)\}/g;

/** Replaces every placeholder of a text; what `value` throws comes through. */
export function fillPlaceholders(text: string, value: (placeholder: Placeholder) => string): string {
  return text.replace(PATTERN, (_all, kind: string, name: string, attribute: string) =>
    value({ kind, name, attribute }),
  );
}

/** The placeholders of a text, in order. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(PATTERN)].map(([, kind = "", name = "", attribute = ""]) => ({ kind, name, attribute }));
}
