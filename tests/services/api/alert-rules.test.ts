import { expect } from "chai";

import { type Database, freshDatabase, needs } from "../support.ts";
import { type Api, faults, itemsOf, made, type Member, problem, startApi } from "./server.ts";

const RULE = { kind: "price", subject: "BTC-USD", direction: "above", threshold: "100000.10" };

describe("services/api alert rules and alerts", () => {
  let database: Database;
  let api: Api;
  let ann: Member;
  let bob: Member;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url);
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });
  beforeEach(async () => {
    [ann, bob] = [await api.member(), await api.member()];
  });

  describe("alert rules", () => {
    it("have what was left out, and their numbers as they were given", async () => {
      const rule = await made(ann.post("/alert-rules", RULE));
      expect(rule).to.deep.include({ ...RULE, hysteresis: "0", cooldownSeconds: 300, enabled: true });
      expect(rule).to.not.have.property("windowSeconds");
      const change = { kind: "change", subject: "BTC-USD", direction: "below", threshold: "-5.5" };
      expect(await made(ann.post("/alert-rules", change))).to.include({ windowSeconds: 3_600, threshold: "-5.5" });
      const feeling = { kind: "sentiment", subject: "BTC", direction: "below", threshold: "-0.25", hysteresis: "0.1" };
      expect(await made(ann.post("/alert-rules", feeling))).to.include(feeling);
    });

    it("rise in revision with a change, and only then", async () => {
      const rule = await made(ann.post("/alert-rules", RULE));
      const path = `/alert-rules/${String(rule["id"])}`;
      const same = await ann.put(path, { ...RULE, threshold: "100000.100", hysteresis: "0.0" });
      expect(same.body).to.deep.equal(rule);
      const changed = await ann.put(path, { ...RULE, enabled: false });
      expect(changed.body["revision"]).to.be.greaterThan(Number(rule["revision"]));
      expect(String(changed.body["updatedAt"]) > String(rule["updatedAt"])).to.equal(true);
      expect(changed.body).to.deep.include({ enabled: false, createdAt: rule["createdAt"] });
    });

    const unfit: readonly [string, object, readonly string[]][] = [
      ["no kind that there is", { ...RULE, kind: "volume" }, ["kind"]],
      ["a symbol for a price", { ...RULE, subject: "BTC" }, ["subject"]],
      ["a product for sentiment", { ...RULE, kind: "sentiment", threshold: "0" }, ["subject"]],
      ["a price of zero", { ...RULE, threshold: "0.00" }, ["threshold"]],
      ["a price below zero", { ...RULE, threshold: "-1" }, ["threshold"]],
      ["a text that is no number", { ...RULE, kind: "change", threshold: "1e3" }, ["threshold"]],
      ["a number that is no text", { ...RULE, threshold: 5 }, ["threshold"]],
      ["more digits than a price has", { ...RULE, threshold: `0.${"1".repeat(19)}` }, ["threshold"]],
      ["a window where there is none", { ...RULE, windowSeconds: 60 }, [""]],
      ["no change at all", { ...RULE, kind: "change", threshold: "-0.0" }, ["threshold"]],
      ["a fall by more than all", { ...RULE, kind: "change", threshold: "-100.000000000000000001" }, ["threshold"]],
      ["a window too short", { ...RULE, kind: "change", windowSeconds: 59 }, ["windowSeconds"]],
      [
        "a feeling beyond all",
        { ...RULE, kind: "sentiment", subject: "BTC", threshold: "1.000000000000000001" },
        ["threshold"],
      ],
      ["a hysteresis below zero", { ...RULE, hysteresis: "-1" }, ["hysteresis"]],
      ["no whole seconds", { ...RULE, cooldownSeconds: 1.5 }, ["cooldownSeconds"]],
      [
        "several at once",
        { ...RULE, subject: "x", direction: "up", threshold: "y" },
        ["subject", "threshold", "direction"],
      ],
    ];
    for (const [what, rule, paths] of unfit) {
      it(`refuse ${what}`, async () => {
        const answer = await ann.post("/alert-rules", rule);
        expect([problem(answer), ...faults(answer)]).to.deep.equal(["400 invalid-body", ...paths]);
      });
    }

    it("take the ends of what they may", async () => {
      const changes = ["-100", "1000000", "-100.000"].map((threshold) => ({ ...RULE, kind: "change", threshold }));
      const feelings = ["-1", "1.0", "-1.00"].map((threshold) => ({
        ...RULE,
        kind: "sentiment",
        subject: "BTC",
        threshold,
      }));
      const prices = ["0.000000000000000001", "9".repeat(20)].map((threshold) => ({ ...RULE, threshold }));
      for (const rule of [...changes, ...feelings, ...prices]) await made(ann.post("/alert-rules", rule));
    });
  });

  it("alerts are listed for their user alone, newest first", async () => {
    const { id: rule } = await made(ann.post("/alert-rules", RULE));
    await database.pool.query(
      `insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time, fired_at)
       select gen_random_uuid(), $1, $2, 'price', 'BTC-USD', 'above', 100000.10, 100000 + n, now(), now() + n * interval '1 second'
       from generate_series(1, 3) n`,
      [rule, ann.id],
    );
    const alerts = itemsOf(await ann.get("/alerts"));
    expect(alerts.map(({ value }) => value)).to.deep.equal(["100003", "100002", "100001"]);
    expect(alerts[0]).to.include({ rule, threshold: "100000.10", subject: "BTC-USD" });
    expect(itemsOf(await bob.get("/alerts"))).to.deep.equal([]);
  });
});
