import { expect } from "chai";
import fc from "fast-check";

import { LONGEST, normalise, SHORTEST, weakness } from "../../../services/auth/password-rules.ts";

const weaknessOf = (password: string) => weakness(normalise(password), "ann.miller@example.com");

describe("services/auth/password-rules", () => {
  const good = [
    "a lighthouse in the fog",
    "tractor-violin-eleven",
    "ungewöhnlich grüne Katze",
    "パスワードではない長い文章です",
    "Xk2#vQ9!mLp4@zR7",
    " leading and trailing ",
    "🦊🐢🌵🎈🧩🚲🎻🧭🏔️🌊🍉🪁🛶🎯🧶",
  ];
  for (const password of good) {
    it(`takes ${JSON.stringify(password)}`, () => expect(weaknessOf(password)).to.equal(undefined));
  }

  const bad: readonly [string, RegExp][] = [
    ["short but odd!", /at least 15/],
    ["🦊🐢🌵🎈🧩🚲🎻🧭", /at least 15/],
    ["passwordpassword", /common/],
    ["Password12345678", /common/],
    ["P4$$w0rd123456789", /common/],
    ["password123password", /common/],
    ["qwertyuiopasdfghjkl", /common/],
    ["correct horse battery staple", /common/],
    ["aaaaaaaaaaaaaaaa", /repeat/],
    ["abcabcabcabcabcabc", /repeat/],
    ["xyz12xyz12xyz12xyz", /repeat/],
    ["123456789012345", /row/],
    ["abcdefghijklmnopq", /row/],
    ["zyxwvutsrqponmlk", /row/],
    ["ann.miller@example.com", /address/],
    ["Ann.Miller12345", /address/],
  ];
  for (const [password, reason] of bad) {
    it(`refuses ${password}`, () => expect(weaknessOf(password)).to.match(reason));
  }

  it("counts what is left after normalising", () => {
    // One ligature is three letters: 5 characters as typed, 15 as compared.
    expect(normalise("ﬃﬃﬃﬃﬃ")).to.equal("ffiffiffiffiffi");
    expect(normalise("Ａ")).to.equal(normalise("A"));
    expect(normalise("e\u0301")).to.equal("\u00e9");
  });

  it("holds both bounds, whatever the characters", () => {
    const unit = fc.constantFrom("a", "q", "z", "m", "f", "7", "#", "ß", "語", "🦊");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 200 }), (characters) => {
        const found = weaknessOf(characters.join(""));
        if (characters.length < SHORTEST) expect(found).to.match(/at least/);
        else if (characters.length > LONGEST) expect(found).to.match(/at most/);
        else expect(found ?? "").to.not.match(/at least|at most/);
      }),
    );
  });

  it("quotes nothing of the password and takes no time over any", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 15, maxLength: 300 }), (password) => {
        const started = performance.now();
        const found = weaknessOf(password);
        expect(performance.now() - started).to.be.lessThan(500);
        expect(found ?? "").to.not.include(password);
      }),
      { numRuns: 500 },
    );
  });
});
