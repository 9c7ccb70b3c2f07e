import { expect } from "chai";

import { type CourierOptions, runCourier } from "../../../services/notification/courier.ts";
import type { Delivery } from "../../../services/notification/delivery.ts";
import type { Outcome } from "../../../services/notification/outcome.ts";
import { collectingLog, quiet, until } from "../support.ts";
import { alert, delivery } from "./deliveries.ts";

const NOW = Date.parse("2026-11-24T07:00:01Z");
const timing = { every: 5, backoff: { first: 1_000, most: 8_000 }, attempts: 3 };

/** A courier with these deliveries, and what it did with them, in order. */
async function courierWith(
  deliveries: readonly Delivery[],
  send: CourierOptions["send"],
  given: Partial<CourierOptions> = {},
): Promise<string[]> {
  const done: string[] = [];
  const left = [...deliveries];
  const note = (text: string) => Promise.resolve(void done.push(text)).then(() => true);
  const courier = runCourier({
    store: {
      claim: (_holder, most) => Promise.resolve(left.splice(0, most)),
      sent: () => note("sent"),
      suppressed: (_holder, _claim, reason) => note(`suppressed: ${reason}`),
      failed: (_holder, _claim, reason) => note(`failed: ${reason}`),
      later: (_holder, _claim, when, reason, counts) =>
        note(`later: ${when.getTime() - NOW}${counts ? "" : " uncounted"} ${String(reason)}`),
      forget: (channel) => note(`forget ${channel}`).then(() => undefined),
    },
    send,
    giveUp: (_delivery, reason) => note(`dead letter: ${reason}`).then(() => undefined),
    log: quiet,
    holder: "me",
    timing,
    now: () => NOW,
    ...given,
  });
  await until(() => left.length === 0);
  await courier.stop();
  return done;
}

const answering = (outcome: Outcome) => () => Promise.resolve(outcome);

describe("services/notification/courier", () => {
  it("marks as sent what was sent", async () => {
    expect(await courierWith([delivery()], answering({ kind: "sent" }))).to.deep.equal(["sent"]);
  });

  it("waits longer after each failure, with jitter, and as long as it is told to", async () => {
    const again: Outcome = { kind: "again", reason: "answered 500" };
    for (const [attempt, from, to] of [
      [1, 500, 1_000],
      [2, 1_000, 2_000],
    ] as const) {
      // prettier-ignore
      const [note = ""] = await courierWith([delivery({ attempt })], answering(again));
      const wait = Number(/^later: (\d+) answered 500$/.exec(note)?.[1]);
      expect(wait).to.be.within(from, to);
    }
    expect(await courierWith([delivery()], answering({ ...again, afterSeconds: 60 }))).to.deep.equal([
      "later: 60000 answered 500",
    ]);
  });

  it("gives up after the last attempt: the dead letter first, so that none is lost in between", async () => {
    const again: Outcome = { kind: "again", reason: "answered 500" };
    expect(await courierWith([delivery({ attempt: 3 })], answering(again))).to.deep.equal([
      "dead letter: answered 500",
      "failed: answered 500",
    ]);
  });

  it("gives up at once on what will never work, and forgets who is gone", async () => {
    const never: Outcome = { kind: "never", reason: "answered 410", gone: true };
    expect(await courierWith([delivery({ channel: "webhook:1" })], answering(never))).to.deep.equal([
      "dead letter: answered 410",
      "failed: answered 410",
      "forget webhook:1",
    ]);
  });

  it("does not try for ever what kills its workers", async () => {
    let sent = 0;
    const done = await courierWith([delivery({ attempt: 4 })], () => {
      sent += 1;
      return Promise.resolve({ kind: "sent" });
    });
    expect([sent, ...done]).to.deep.equal([
      0,
      "dead letter: no attempt came to an end",
      "failed: no attempt came to an end",
    ]);
  });

  it("asks for no attempt at night, and counts none", async () => {
    const quietHours = { from: "06:00", to: "08:00", timeZone: "UTC" };
    const old = delivery({ alert: alert({ time: "2026-11-23T07:00:00Z" }) });
    const done = await courierWith([delivery({ quiet: quietHours }), old], answering({ kind: "sent" }));
    expect(done.sort()).to.deep.equal([
      `later: ${Date.parse("2026-11-24T08:00:00Z") - NOW} uncounted quiet hours`,
      "suppressed: older than 6 hours",
    ]);
  });

  it("keeps what can't be put aside, and the others going", async () => {
    const { log, lines } = collectingLog();
    const failing = delivery({ attempt: 3, channel: "webhook:1" });
    const done = await courierWith(
      [failing, delivery()],
      ({ channel }) => Promise.resolve(channel === "email" ? { kind: "sent" } : { kind: "never", reason: "x" }),
      { log, giveUp: () => Promise.reject(new Error("no leader")) },
    );
    expect(done).to.deep.equal(["sent"]);
    expect(lines.map(({ msg }) => msg)).to.include("a delivery was left half done");
  });

  it("has a bounded number under way, and ends them before it stops", async () => {
    let [now, most, ended] = [0, 0, 0];
    await courierWith(
      Array.from({ length: 100 }, () => delivery()),
      async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        now -= 1;
        ended += 1;
        return { kind: "sent" };
      },
    );
    expect([most, ended]).to.deep.equal([16, 100]);
  });
});
