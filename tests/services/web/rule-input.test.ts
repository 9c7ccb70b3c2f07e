/** The form's rules ↔ the service's: what the page lets through, the service takes. */
import { expect } from "chai";
import fc from "fast-check";
import { newAlertRule } from "../../../services/api/alert-rule.ts";
import { readRule, type RuleFields } from "../../../services/web/src/alerts/rule-input.ts";

const FIELDS: RuleFields = {
  ...{ kind: "price", subject: "BTC-USD", direction: "above", threshold: "65000" },
  ...{ hysteresis: "0", cooldownMinutes: "5", windowMinutes: "60" },
};

const thresholdOf = (fields: Partial<RuleFields>): string | undefined => {
  const read = readRule({ ...FIELDS, ...fields });
  return read.ok ? read.rule.threshold : undefined;
};

describe("web: the form of a rule", () => {
  it("makes the rule that its fields stand for", () => {
    expect(readRule({ ...FIELDS, kind: "change", threshold: "-5", direction: "below" })).to.deep.equal({
      ok: true,
      rule: {
        ...{ kind: "change", subject: "BTC-USD", direction: "below", threshold: "-5", hysteresis: "0" },
        ...{ cooldownSeconds: 300, windowSeconds: 3_600, enabled: true },
      },
    });
  });

  it("says all that is wrong, each at its field, by the service's names", () => {
    const read = readRule({
      ...FIELDS,
      kind: "change",
      subject: "",
      threshold: "much",
      cooldownMinutes: "-1",
      windowMinutes: "0",
    });
    expect(read.ok ? [] : Object.keys(read.fields).sort()).to.deep.equal([
      "cooldownSeconds",
      "subject",
      "threshold",
      "windowSeconds",
    ]);
  });

  it("takes numbers as people type them", () => {
    expect(["65,000.50", " 65 000 ", ".5", "1,234,567"].map((threshold) => thresholdOf({ threshold }))).to.deep.equal([
      "65000.50",
      "65000",
      "0.5",
      "1234567",
    ]);
    expect(thresholdOf({ kind: "change", threshold: "−5" })).to.equal("-5");
  });

  it("does not guess what 1,5 means, nor takes what no price can be", () => {
    for (const threshold of ["1,5", "1e5", "0", "-1", "", "0x10", "Infinity"]) {
      expect(thresholdOf({ threshold }), threshold).to.equal(undefined);
    }
    expect(thresholdOf({ kind: "sentiment", subject: "BTC", threshold: "1.1" })).to.equal(undefined);
  });

  it("lets nothing through that the service refuses", () => {
    const number = fc.oneof(
      fc.double({ min: -200, max: 2_000_000, noNaN: true }).map(String),
      fc.stringMatching(/^-?[\d,. ]{0,24}$/),
      fc.constantFrom("0", "-0", "0.0", "1", "-1", "-100", "1000000"),
    );
    const fields = fc.record({
      kind: fc.constantFrom("price", "change", "sentiment"),
      direction: fc.constantFrom("above", "below"),
      threshold: number,
      hysteresis: fc.oneof(number, fc.constant("0")),
      cooldownMinutes: fc.oneof(fc.nat(20_000).map(String), number),
      windowMinutes: fc.oneof(fc.nat(2_000).map(String), number),
    });
    fc.assert(
      fc.property(fields, (drawn) => {
        const read = readRule({ ...drawn, subject: drawn.kind === "sentiment" ? "BTC" : "BTC-USD" });
        fc.pre(read.ok);
        expect(newAlertRule.safeParse(read.rule).error?.issues ?? []).to.deep.equal([]);
      }),
      { numRuns: 500, maxSkipsPerRun: 1_000 },
    );
  });
});
