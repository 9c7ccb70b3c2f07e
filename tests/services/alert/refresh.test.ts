import { expect } from "chai";

import { keepFresh, refresh } from "../../../services/alert/refresh.ts";
import { FRESH, type Rule } from "../../../services/alert/rule.ts";
import { priceKey, RuleBook } from "../../../services/alert/rule-book.ts";
import type { Store } from "../../../services/alert/store.ts";
import { createTurns } from "../../../services/alert/turns.ts";
import { collectingLog, until } from "../support.ts";
import { rule } from "./rules.ts";

/** A table of rules, and how often all of it was read. */
function tableOf(...rules: Rule[]) {
  const table = new Map(rules.map((one) => [one.id, one]));
  let full = 0;
  const stored = (all: readonly Rule[]) => all.map((one) => ({ rule: one, state: FRESH }));
  const store: Pick<Store, "changedSince" | "rules"> = {
    changedSince: (revision) => {
      const all = [...table.values()];
      const changed = stored(all.filter((one) => one.revision > revision));
      const revisions = all.reduce((sum, one) => sum + one.revision, 0);
      return Promise.resolve({ rules: changed, off: [], digest: { count: all.length, revisions } });
    },
    rules: () => {
      full += 1;
      return Promise.resolve(stored([...table.values()]));
    },
  };
  return { table, store, full: () => full };
}

describe("services/alert/refresh", () => {
  it("reads what is new, and all only where that does not add up", async () => {
    const [one, two] = [rule({ threshold: 1, revision: 1 }), rule({ threshold: 2, revision: 5 })];
    const { table, store, full } = tableOf(one);
    const book = new RuleBook();
    await refresh({ store, book });
    table.set(two.id, two);
    await refresh({ store, book });
    expect([book.digest.count, full()]).to.deep.equal([2, 0]);
    table.delete(one.id);
    await refresh({ store, book });
    expect([book.digest.count, full()]).to.deep.equal([1, 1]);
  });

  it("finds a rule whose revision was drawn earlier and committed later", async () => {
    const late = rule({ threshold: 3, revision: 4 });
    const { table, store } = tableOf(rule({ threshold: 2, revision: 5 }));
    const book = new RuleBook();
    await refresh({ store, book });
    table.set(late.id, late);
    await refresh({ store, book });
    expect(book.watch(priceKey("BTC-USD"))?.size).to.equal(2);
  });

  it("takes neither an older rule for a newer one, nor an older state", () => {
    const book = new RuleBook();
    const one = rule({ threshold: 1, revision: 2 });
    book.put({ rule: one, state: { armed: false, alertedAt: 1, position: 7 } });
    book.put({ rule: one, state: { armed: true, alertedAt: null, position: 3 } });
    book.put({ rule: { ...one, revision: 1 }, state: FRESH });
    expect(book.digest).to.deep.equal({ count: 1, revisions: 2 });
    const watch = book.watch(priceKey("BTC-USD"));
    const at = { at: 10, time: "", identity: "", value: "" };
    // Not armed since position 7: at 5 it has been judged, at 8 it is still beyond its line.
    for (const position of [5, 8]) expect(watch?.observe({ ...at, level: 10n ** 20n, position })).to.deep.equal([]);
  });

  it("outlives a failure and ends with its signal", async () => {
    const { log, lines } = collectingLog();
    const { store } = tableOf(rule({ threshold: 1 }));
    const stop = new AbortController();
    const book = new RuleBook();
    let failures = 2;
    const fresh = keepFresh({
      store: {
        ...store,
        changedSince: (revision) => (failures-- > 0 ? Promise.reject(new Error("away")) : store.changedSince(revision)),
      },
      ...{ book, turns: createTurns(), log, signal: stop.signal, every: 5 },
    });
    await until(() => book.digest.count === 1);
    stop.abort();
    await fresh;
    expect(lines.map(({ level }) => level)).to.deep.equal(["warn", "warn"]);
  });
});
