import type { Rule, RuleState } from "./rule.ts";
import { type Entry, Watch } from "./watch.ts";

/** A rule as it is stored, and where it stands. */
export interface Stored {
  readonly rule: Rule;
  readonly state: RuleState;
}

/** All rules by what they look at, and what is known of where they stand. */
export class RuleBook {
  readonly #entries = new Map<string, Entry>();
  readonly #watches = new Map<string, Watch>();
  /** By product: the windows of its change rules. */
  readonly #windows = new Map<string, Set<number>>();
  #revisions = 0;
  #newest = 0;

  /** The highest revision that was ever taken. */
  get newest(): number {
    return this.#newest;
  }

  /** What tells two sets of rules apart: revisions are never used twice. */
  get digest(): { readonly count: number; readonly revisions: number } {
    return { count: this.#entries.size, revisions: this.#revisions };
  }

  watch(key: string): Watch | undefined {
    return this.#watches.get(key);
  }

  /** Windows in seconds of the product's change rules. */
  windows(product: string): ReadonlySet<number> {
    return this.#windows.get(product) ?? NONE;
  }

  /** Takes all rules as they are stored; what is not among them is gone. */
  replaceBy(all: readonly Stored[]): void {
    const there = new Set(all.map(({ rule }) => rule.id));
    for (const id of [...this.#entries.keys()]) if (!there.has(id)) this.remove(id);
    for (const stored of all) this.put(stored);
  }

  /** Takes a rule as it is stored. What is known already and newer than that stays. */
  put({ rule, state }: Stored): void {
    this.#newest = Math.max(this.#newest, rule.revision);
    const known = this.#entries.get(rule.id);
    if (known && known.rule.revision > rule.revision) return;
    if (known?.rule.revision === rule.revision) {
      const ahead = (state.position ?? -1) > (known.state.position ?? -1);
      if (ahead) this.settle(known, state);
      return;
    }
    if (known) this.remove(rule.id);
    const entry: Entry = { rule, state, seat: 0 };
    this.#entries.set(rule.id, entry);
    this.#revisions += rule.revision;
    const key = keyOf(rule);
    const watch = this.#watches.get(key) ?? new Watch();
    this.#watches.set(key, watch);
    watch.add(entry);
    if (rule.kind === "change") {
      this.#windows.set(rule.subject, new Set([...this.windows(rule.subject), rule.windowSeconds]));
    }
  }

  switchOff(id: string, revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    this.remove(id);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { rule } = entry;
    const watch = this.#watches.get(keyOf(rule));
    this.#entries.delete(id);
    this.#revisions -= rule.revision;
    watch?.remove(entry);
    if (watch?.size !== 0) return;
    this.#watches.delete(keyOf(rule));
    if (rule.kind !== "change") return;
    const left = [...this.windows(rule.subject)].filter((window) => window !== rule.windowSeconds);
    if (left.length > 0) this.#windows.set(rule.subject, new Set(left));
    else this.#windows.delete(rule.subject);
  }

  /** Puts a rule where it stands: after a turn that could not be stored, or that another replica has stored. */
  settle(entry: Entry, state: RuleState): void {
    this.#watches.get(keyOf(entry.rule))?.reseat(entry, state);
  }
}

const NONE: ReadonlySet<number> = new Set();

export const priceKey = (product: string): string => `price ${product}`;
export const sentimentKey = (symbol: string): string => `sentiment ${symbol}`;
export const changeKey = (product: string, windowSeconds: number): string => `change ${product} ${windowSeconds}`;

function keyOf({ kind, subject, windowSeconds }: Rule): string {
  switch (kind) {
    case "price":
      return priceKey(subject);
    case "change":
      return changeKey(subject, windowSeconds);
    case "sentiment":
      return sentimentKey(subject);
  }
}
