/** What a rule is tested by, beside it in `<file>.fixtures.ts`. The suite makes its six cases from it; the pack never loads it. */
import type { ResourceRule, Rule } from "./framework/rule.ts";

type Config = Readonly<Record<string, unknown>>;

interface Cases<Given> {
  /** Configuration of every case but `configured`; without it the rule's own defaults count. */
  readonly config?: Config;
  readonly compliant: Given;
  /** Each breaks the rule, and the message says so: `found` is part of it. */
  readonly violating: readonly { readonly given: Given; readonly found: string }[];
  /**
   * Path of what decides, `networkMode`, `containerDefinitions.0.user`; of a stack rule `<name of a resource>.<path>`. It
   * is taken out of the compliant case and made unknown in the first violating one.
   */
  readonly decides: string;
  /** What its absence means. */
  readonly absent: "kept" | "broken";
  /** Cases with a configuration of their own: required for a rule that takes parameters. */
  readonly configured?: readonly {
    readonly config: Config;
    readonly given: Given;
    readonly then: "kept" | "broken";
  }[];
}

export type ResourceFixture<Props> = Cases<Props>;

/** A resource of a made-up stack. `from`: property → names of the resources that its value comes from. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly props: object;
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

export type StackFixture = Cases<readonly Made[]>;

/** One for each rule that a file exports, under the same name. */
export type FixturesOf<Rules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends Rule
    ? Rules[Name] extends ResourceRule<infer Props>
      ? ResourceFixture<Props>
      : StackFixture
    : never;
};
