/** What the program registered. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What a provider would answer: the inputs, and what it adds. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  /** Property → URNs of the resources that its value comes from. */
  readonly from: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface Run {
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The program's own refusal, or what it fell over. */
  readonly error?: { readonly kind: string; readonly message: string };
}

/** What every secret contains that is generated under mocks, so that a leak is found by looking for it. */
export const SECRET_MARKER = "GeneratedSecret";
