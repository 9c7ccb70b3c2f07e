import { expect } from "chai";

import { decide, type Delivery } from "../../../services/notification/delivery.ts";
import { alert, delivery, hookAt } from "./deliveries.ts";

const NIGHT = { from: "22:00", to: "07:00", timeZone: "UTC" };
const at = (time: string, given: Partial<Delivery>) => decide(delivery(given), new Date(time));

describe("services/notification/delivery", () => {
  const evening = { alert: alert({ time: "2026-11-24T23:00:00Z" }), quiet: NIGHT };
  const early = { alert: alert({ time: "2026-11-25T05:00:00Z" }), quiet: NIGHT };

  it("sends what is new and wanted", () => {
    expect(at("2026-11-24T07:00:01Z", {})).to.deep.equal({ kind: "send" });
  });

  it("waits for the end of quiet hours with what is still news then", () => {
    expect(at("2026-11-25T05:00:01Z", early)).to.deep.equal({ kind: "wait", until: new Date("2026-11-25T07:00:00Z") });
    expect(at("2026-11-25T07:00:00Z", early)).to.deep.equal({ kind: "send" });
  });

  it("suppresses a price that is none any more when it may be sent, and at once", () => {
    expect(at("2026-11-24T23:00:01Z", evening)).to.deep.equal({ kind: "suppress", reason: "older than 6 hours" });
    expect(at("2026-11-24T13:00:00Z", {})).to.deep.equal({ kind: "send" });
    expect(at("2026-11-24T13:00:00.001Z", {}).kind).to.equal("suppress");
    expect(at("2026-11-24T20:00:00Z", { alert: alert({ kind: "change" }) }).kind).to.equal("suppress");
  });

  it("tells sentiment the next morning", () => {
    const mood = alert({ kind: "sentiment", time: "2026-11-24T23:00:00Z" });
    expect(at("2026-11-24T23:00:01Z", { alert: mood, quiet: NIGHT }).kind).to.equal("wait");
    expect(at("2026-11-25T07:00:00Z", { alert: mood, quiet: NIGHT }).kind).to.equal("send");
  });

  it("lets no machine wait for the night to end", () => {
    const target = hookAt("https://example.org");
    expect(at("2026-11-24T23:00:01Z", { ...evening, target }).kind).to.equal("send");
  });

  it("suppresses what is no longer wanted", () => {
    const gone: Delivery["target"][] = [
      { kind: "email", address: "a@example.org", wanted: false, unsubscribeToken: "" },
      { kind: "webhook", hook: undefined },
      { kind: "push", subscription: undefined },
    ];
    for (const target of gone) {
      expect(at("2026-11-24T07:00:01Z", { target })).to.deep.equal({ kind: "suppress", reason: "no longer wanted" });
    }
  });
});
