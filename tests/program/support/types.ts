/** What the child that runs the program reports to the test. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The program's own refusal, or what it fell over. */
  readonly error?: { readonly kind: string; readonly message: string };
}

/** What every generated secret contains in these tests, so that a leak is found by looking for it. */
export const SECRET_MARKER = "GeneratedSecret";
