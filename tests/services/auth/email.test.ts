import { expect } from "chai";
import fc from "fast-check";

import { readEmail } from "../../../services/auth/email.ts";

describe("services/auth/email", () => {
  const good: readonly [string, string, string][] = [
    ["ann@example.com", "ann@example.com", "ann@example.com"],
    ["  Ann@Example.COM ", "Ann@example.com", "ann@example.com"],
    ["a.b+tag@sub.example.co.uk", "a.b+tag@sub.example.co.uk", "a.b+tag@sub.example.co.uk"],
    ["o'neil@bücher.example", "o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example"],
    [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
  ];
  for (const [text, address, key] of good) {
    it(`reads ${text}`, () => expect(readEmail(text)).to.deep.equal({ address, key }));
  }

  const bad = [
    ...["", "@", "ann", "ann@", "@example.com", "ann@localhost", "ann@127.0.0.1", "ann@[127.0.0.1]", "a b@example.com"],
    ...["ann@exa mple.com", "ann@example.com/x", "ann@example.com:80", "ann@-a.com", "ann@a-.com", "ann@a..com"],
    ...[".ann@example.com", "ann.@example.com", "a..b@example.com", '"a b"@example.com', "ann@example.com.", "a@b@"],
    ...["ann\r\nbcc: x@example.com", "ann@example.com\u0000", "änn@example.com", "ann@example.1"],
    ...[`${"a".repeat(65)}@example.com`, `ann@${"a".repeat(64)}.com`, `ann@${"abc.".repeat(63)}com`],
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => expect(readEmail(text)).to.equal(undefined));
  }

  it("reads what it made the same way again", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const first = readEmail(text);
        if (first) expect(readEmail(first.address)).to.deep.equal(first);
      }),
    );
  });
});
