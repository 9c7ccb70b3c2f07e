import { randomBytes, randomUUID } from "node:crypto";

import { expect } from "chai";

import { type Database, freshDatabase, needs, until } from "../support.ts";
import { type Api, faults, itemsOf, made, type Member, problem, startApi } from "./server.ts";

const WEBHOOK = { url: "https://hooks.ann.dev/in?x=1" };
const point = () => Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString("base64url");
const subscription = (endpoint = `https://push.ann.dev/${randomUUID()}`) => ({
  endpoint,
  expirationTime: null,
  keys: { p256dh: point(), auth: randomBytes(16).toString("base64url") },
});

describe("services/api notifications", () => {
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

  describe("notification preferences", () => {
    const PATH = "/notification-preferences";
    const wanted = { email: false, quietHours: { from: "22:00", to: "07:30" }, timeZone: "Europe/Berlin" };

    it("are what applies before anything was said, then what was said", async () => {
      expect((await ann.get(PATH)).body).to.deep.equal({ email: true, quietHours: null, timeZone: "UTC" });
      expect((await ann.put(PATH, wanted)).body).to.deep.equal(wanted);
      expect((await ann.get(PATH)).body).to.deep.equal(wanted);
      expect((await ann.put(PATH, { ...wanted, quietHours: null })).body).to.deep.equal({
        ...wanted,
        quietHours: null,
      });
      expect((await bob.get(PATH)).body).to.include({ email: true });
    });

    const unfit: readonly [string, object, string][] = [
      ["an hour that is none", { ...wanted, quietHours: { from: "24:00", to: "07:00" } }, "quietHours.from"],
      ["one end", { ...wanted, quietHours: { from: "22:00" } }, "quietHours.to"],
      ["no while at all", { ...wanted, quietHours: { from: "22:00", to: "22:00" } }, "quietHours"],
      ["an offset", { ...wanted, timeZone: "+01:00" }, "timeZone"],
      ["no place on earth", { ...wanted, timeZone: "Europe/Atlantis" }, "timeZone"],
      ["a part of them", { quietHours: null, timeZone: "UTC" }, "email"],
    ];
    for (const [what, body, path] of unfit) {
      it(`refuse ${what}`, async () => {
        const answer = await ann.put(PATH, body);
        expect([problem(answer), ...faults(answer)]).to.deep.equal(["400 invalid-body", path]);
      });
    }
  });

  describe("the unsubscribe link", () => {
    const tokenOf = async ({ id }: Member): Promise<string> => {
      const { rows } = await database.pool.query<{ unsubscribe_token: string }>(
        "insert into notification_preferences (user_id) values ($1) returning unsubscribe_token",
        [id],
      );
      return rows[0]?.unsubscribe_token ?? "";
    };
    const email = async () => (await ann.get("/notification-preferences")).body["email"];

    it("asks when it is opened, and does it when it is posted, without a sign-in", async () => {
      const path = `/unsubscribe/${await tokenOf(ann)}`;
      const asked = await api.anyone.get(path);
      expect([asked.status, await email()]).to.deep.equal([200, true]);
      expect(asked.text).to.include('<form method="post">').and.not.include("<script");
      expect(asked.headers.get("content-security-policy")).to.match(
        /^default-src 'none'; style-src 'sha256-.+'; form-action 'self'/,
      );
      expect([asked.headers.get("referrer-policy"), asked.headers.get("cache-control")]).to.deep.equal([
        "no-referrer",
        "no-store",
      ]);
      // As a mail program sends it (RFC 8058), and again.
      for (let turn = 0; turn < 2; turn += 1) {
        const init = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
        expect((await api.call(`/api/v1${path}`, init)).status).to.equal(200);
        expect(await email()).to.equal(false);
      }
    });

    it("is a secret: another one is not found, and the log has none", async () => {
      const token = await tokenOf(ann);
      await api.anyone.get(`/unsubscribe/${token}`);
      expect(problem(await api.anyone.put(`/unsubscribe/${token}`, {}))).to.equal("405 method-not-allowed");
      expect(problem(await api.anyone.get(`/unsubscribe/${randomUUID()}`))).to.equal("404 not-found");
      expect(problem(await api.call(`/api/v1/unsubscribe/${randomUUID()}`, { method: "POST" }))).to.equal(
        "404 not-found",
      );
      expect(problem(await api.anyone.get("/unsubscribe/x"))).to.equal("400 invalid-parameters");
      await until(() => api.lines.some(({ path, status }) => path === "/api/v1/unsubscribe/{token}" && status === 405));
      expect(JSON.stringify(api.lines)).to.not.include(token);
    });
  });

  describe("webhooks", () => {
    it("show their secret when they are made, and never again", async () => {
      const webhook = await made(ann.post("/webhooks", WEBHOOK));
      expect(webhook["secret"]).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const path = `/webhooks/${String(webhook["id"])}`;
      for (const answer of [await ann.get("/webhooks"), await ann.get(path), await ann.put(path, WEBHOOK)])
        expect(answer.text).to.not.include("secret").and.not.include("whsec_");
    });

    it("can be switched off and on", async () => {
      const { id } = await made(ann.post("/webhooks", WEBHOOK));
      const path = `/webhooks/${String(id)}`;
      expect((await ann.put(path, { ...WEBHOOK, enabled: false })).body).to.include({ enabled: false });
      const { rows } = await database.pool.query("select 1 from webhooks where id = $1 and disabled_at is not null", [
        id,
      ]);
      expect(rows).to.have.length(1);
      expect((await ann.put(path, { ...WEBHOOK, enabled: true })).body).to.include({ enabled: true });
    });

    const unfit = [
      ...["http://ann.dev/", "https://localhost/", "https://127.0.0.1/", "https://0x7f000001/", "https://2130706433/"],
      ...["https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://ann.dev:8443/", "https://user:pass@ann.dev/"],
      ...[
        "https://ann.dev/#part",
        "https://redis.internal/",
        "https://api.prod.svc.cluster.local/",
        "https://intranet/",
      ],
      ...["https://LOCALHOST./", "ftp://ann.dev/", "ann.dev", "javascript:alert(1)", "https://", ""],
      ...[`https://ann.dev/${"x".repeat(2_048)}`, `https://ann.dev/${"ü".repeat(400)}`],
    ];
    it("lead out of the house, and nowhere else", async () => {
      for (const url of unfit) {
        const answer = await ann.post("/webhooks", { url });
        expect([problem(answer), ...faults(answer)], url).to.deep.equal(["400 invalid-body", "url"]);
      }
      const kept = await made(ann.post("/webhooks", { url: "HTTPS://Hooks.Ann.Dev:443/a b" }));
      expect(kept["url"]).to.equal("https://hooks.ann.dev/a%20b");
    });
  });

  describe("push subscriptions", () => {
    const PATH = "/push-subscriptions";

    it("are one for each endpoint, renewed by being sent again", async () => {
      const wanted = subscription();
      const first = await made(ann.post(PATH, wanted));
      const renewed = await ann.post(PATH, { ...wanted, keys: subscription().keys });
      expect([renewed.status, renewed.body]).to.deep.equal([200, first]);
      expect(first).to.include({ service: "push.ann.dev" });
      const list = await ann.get(PATH);
      expect(itemsOf(list)).to.deep.equal([first]);
      expect(list.text).to.not.include(wanted.endpoint);
      expect((await ann.delete(`${PATH}/${String(first["id"])}`)).status).to.equal(204);
      expect(problem(await ann.delete(`${PATH}/${String(first["id"])}`))).to.equal("404 not-found");
    });

    it("go with the browser to who signed in there last", async () => {
      const wanted = subscription();
      await made(ann.post(PATH, wanted));
      await made(bob.post(PATH, wanted));
      expect([itemsOf(await ann.get(PATH)).length, itemsOf(await bob.get(PATH)).length]).to.deep.equal([0, 1]);
    });

    it("are 20 for each user and not one more", async () => {
      const answers = await Promise.all(Array.from({ length: 24 }, () => ann.post(PATH, subscription())));
      expect(answers.filter(({ status }) => status === 201)).to.have.length(20);
      expect(answers.filter(({ status }) => status !== 201).map(problem)).to.deep.equal(
        Array(4).fill("409 too-many-kept"),
      );
    });

    it("need keys that can be one's", async () => {
      const { endpoint, keys } = subscription();
      const compressed = Buffer.concat([Buffer.from([2]), randomBytes(64)]).toString("base64url");
      const unfit: readonly [object, string][] = [
        [{ endpoint, keys: { ...keys, p256dh: compressed } }, "keys.p256dh"],
        [{ endpoint, keys: { ...keys, p256dh: "AAAA" } }, "keys.p256dh"],
        [{ endpoint, keys: { ...keys, auth: "AAAA" } }, "keys.auth"],
        [{ endpoint: "https://10.0.0.1/", keys }, "endpoint"],
      ];
      for (const [body, path] of unfit) {
        const answer = await ann.post(PATH, body);
        expect([problem(answer), ...faults(answer)]).to.deep.equal(["400 invalid-body", path]);
      }
    });
  });
});
