import { expect } from "chai";

import { alertId, uuid5 } from "../../../services/alert/identity.ts";

describe("services/alert/identity", () => {
  it("makes the UUID that RFC 9562 makes (appendix A.4)", () => {
    const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    expect(uuid5(dns, "www.example.com")).to.equal("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });

  it("names an alert by its rule and its message alone", () => {
    const [a, b] = ["11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-555555555556"];
    expect(alertId(a, "BTC-USD 7")).to.equal(alertId(a, "BTC-USD 7"));
    expect(new Set([alertId(a, "BTC-USD 7"), alertId(b, "BTC-USD 7"), alertId(a, "BTC-USD 8")]).size).to.equal(3);
  });
});
