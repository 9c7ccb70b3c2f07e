import type { RuleBook } from "./rule-book.ts";
import type { Store } from "./store.ts";
import type { Turn } from "./watch.ts";

/** Another replica that is still at the same messages is ahead at most once a rule; beyond that something is wrong. */
const TRIES = 5;

/**
 * Lets rules observe, and stores what turns. In memory nothing has turned before it is stored: when that fails all is
 * put back, and when another replica was first, its turns are taken over and the messages are observed again. What a
 * rule has judged it passes by.
 *
 * @param observe may run several times
 * @returns how many alerts were stored
 */
export async function judge(
  { store, book }: { readonly store: Pick<Store, "save" | "rules">; readonly book: RuleBook },
  observe: () => readonly Turn[],
): Promise<number> {
  let alerts = 0;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const turns = observe();
    if (turns.length === 0) return alerts;
    try {
      const lost = await store.save(turns);
      alerts += turns.filter(({ entry, after }) => !after.armed && !lost.has(entry.rule.id)).length;
      if (lost.size === 0) return alerts;
      const stored = await store.rules([...lost]);
      for (const id of lost) book.remove(id);
      for (const rule of stored) book.put(rule);
    } catch (error) {
      for (const { entry, before } of turns.toReversed()) book.settle(entry, before);
      throw error;
    }
  }
  throw new Error("rules were turned elsewhere each time");
}
