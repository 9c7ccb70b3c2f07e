/** IAM documents, read as AWS reads them: what may be one or many is many, and what is left out is nothing. */

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** `*`, or `Service` → names, `AWS` → ARNs. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly notPrincipals: boolean;
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Everybody, however it is written. */
export const ANYBODY = "*";

/** Takes the JSON or what it stands for. A document that is none has no statements: AWS refuses it. */
export function readDocument(document: unknown): readonly Statement[] {
  const value = typeof document === "string" ? parsed(document) : document;
  return many(field(value, "Statement")).map((statement) => ({
    sid: text(field(statement, "Sid")),
    effect: text(field(statement, "Effect")) ?? "",
    actions: texts(field(statement, "Action")),
    notActions: texts(field(statement, "NotAction")),
    resources: texts(field(statement, "Resource")),
    notResources: texts(field(statement, "NotResource")),
    principals: principals(field(statement, "Principal")),
    notPrincipals: field(statement, "NotPrincipal") !== undefined,
    condition: (field(statement, "Condition") ?? {}) as Statement["condition"],
  }));
}

/** Where in the document. */
export function inStatement({ sid }: Statement, index: number, name: string): string {
  return `Statement.${sid ?? index}.${name}`;
}

/** Whether a statement asks for the condition key, by whatever operator. Keys are case-insensitive. */
export function asks({ condition }: Statement, key: string): boolean {
  return Object.values(condition).some((operands) =>
    Object.keys(operands).some((each) => each.toLowerCase() === key.toLowerCase()),
  );
}

export function allows({ effect }: Statement): boolean {
  return effect === "Allow";
}

function principals(value: unknown): Statement["principals"] {
  if (value === undefined) return {};
  if (typeof value === "string") return { [value]: [value] };
  return Object.fromEntries(Object.entries(value as object).map(([kind, names]) => [kind, texts(names)]));
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function many(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function texts(value: unknown): readonly string[] {
  return many(value).flatMap((each) => (typeof each === "string" ? [each] : []));
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
