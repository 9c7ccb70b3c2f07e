/** What the rotation functions do: the steps with a store of ours, the SQL on a real Postgres. */
import { expect } from "chai";
import pg from "pg";
import { needs, unique } from "../services/support.ts";
import { FakeSecrets, load, rotateWhole, type Fields, type Kind } from "./support/rotation.ts";

const REDIS = "rediss://:first@redis.internal:6379";

/** What the test needs of a promise that is to fail. */
async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("It did not fail.");
}

describe("the steps of a rotation", () => {
  const kind = (changes: Partial<Kind> = {}): Kind => ({
    next: ({ url = "" }) => ({ url: `${url}+` }),
    set: () => Promise.resolve(),
    test: () => Promise.resolve(),
    ...changes,
  });

  it("end with the new value current, however often each is called", async () => {
    const secrets = new FakeSecrets({ url: { url: "a" } });
    await rotateWhole(secrets, "url", "token", kind());
    expect(secrets.current("url")).to.deep.equal({ url: "a+" });
  });

  it("leave the old value current where the new one does not work", async () => {
    const secrets = new FakeSecrets({ url: { url: "a" } });
    const broken = kind({ test: () => Promise.reject(new Error("refused")) });
    expect(await failure(rotateWhole(secrets, "url", "token", broken))).to.equal("refused");
    expect(secrets.current("url")).to.deep.equal({ url: "a" });
  });

  it("test the current value where rotation is only being set up", async () => {
    const rotate = (await load("steps.mjs"))["rotate"] as (event: object, tools: object) => Promise<unknown>;
    const secrets = new FakeSecrets({ url: { url: "a" } });
    secrets.start("url", "trial");
    const tested: Fields[] = [];
    const watching = kind({ test: (fields) => Promise.resolve(tested.push(fields)) });
    const event = { SecretId: "url", ClientRequestToken: "trial", Step: "testSecret" };
    await rotate(event, { secrets, kind: watching });
    expect(tested).to.deep.equal([{ url: "a" }]);
    expect(await failure(rotate({ ...event, ClientRequestToken: "other" }, { secrets, kind: watching }))).to.contain(
      "no version",
    );
  });
});

describe("rotation of the cache's token", () => {
  type Token = (tools: object) => Kind;

  it("drops the oldest token, adds the new one beside the present one, and tells both secrets", async () => {
    const token = (await load("redis.mjs"))["token"] as Token;
    const secrets = new FakeSecrets({ url: { url: REDIS }, token: { token: "first" } });
    let accepted = ["older", "first"];
    const calls: string[] = [];
    const cache = {
      // Busy once after each change.
      busy: false,
      status() {
        const status = this.busy ? "modifying" : "available";
        this.busy = false;
        return Promise.resolve(status);
      },
      modify(value: string, strategy: string) {
        if (this.busy) throw new Error("InvalidReplicationGroupState");
        this.busy = true;
        calls.push(strategy);
        accepted = strategy === "SET" ? [value] : [...accepted, value];
        return Promise.resolve();
      },
    };
    const ping = (url: string) =>
      accepted.includes(new URL(url).password) ? Promise.resolve() : Promise.reject(new Error("WRONGPASS"));
    const waiting = { milliseconds: 1000, pause: 1 };
    await rotateWhole(secrets, "url", "one", token({ cache, ping, secrets, config: { token: "token" }, waiting }));
    expect(calls).to.deep.equal(["SET", "ROTATE"]);
    const { password, host } = new URL(secrets.current("url")["url"] ?? "");
    expect(host).to.equal("redis.internal:6379");
    expect(password).to.match(/^[0-9a-f]{48}$/);
    expect(accepted).to.deep.equal(["first", password]);
    expect(secrets.current("token")).to.deep.equal({ token: password });
  });
});

describe("rotation of the database's URL, on a real Postgres", function () {
  this.timeout(60_000);
  const database = unique("rotation");
  const names = { role: `${database}_app`, owner: `${database}_owner`, a: `${database}_a`, b: `${database}_b` };
  let admin: pg.Client | undefined;
  let secrets: FakeSecrets;
  let context: { secrets: FakeSecrets; connect: (url: string) => Promise<pg.Client>; config: object };

  const connect = async (connectionString: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return client;
  };

  async function asUrl<T>(
    work: (client: pg.Client) => Promise<T>,
    url = secrets.current("url")["url"] ?? "",
  ): Promise<T> {
    const client = await connect(url);
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  before(async function () {
    const base = new URL(needs(this, "DATABASE_URL"));
    const client = await connect(base.href);
    admin = client;
    // As RDS's own: no superuser, but may make roles.
    await client.query(`create role ${names.owner} login createrole createdb password 'owner-first'`);
    await client.query(`create database ${database} owner ${names.owner}`);
    secrets = new FakeSecrets({
      owner: { username: names.owner, password: "owner-first" },
      a: { username: names.a, password: "a-first" },
      b: { username: names.b, password: "b-first" },
      url: { url: `postgresql://${names.a}:a-first@${base.host}/${database}?sslmode=disable` },
    });
    const users = { [names.a]: "a", [names.b]: "b" };
    const config = {
      database,
      role: names.role,
      users,
      owner: "owner",
      direct: base.host,
      parameters: "sslmode=disable",
    };
    context = { secrets, connect, config };
    const prepare = (await load("postgres.mjs"))["prepare"] as (context: object) => Promise<void>;
    await prepare(context);
    await prepare(context);
  });

  after(async () => {
    if (!admin) return;
    await admin.query(`drop database if exists ${database} with (force)`);
    for (const each of [names.a, names.b, names.role, names.owner]) await admin.query(`drop role if exists ${each}`);
    await admin.end();
  });

  const kindOf = async (name: string) => ((await load("postgres.mjs"))[name] as (context: object) => Kind)(context);

  it("makes users that act as one role, which may make tables and nothing outside its database", async () => {
    await asUrl(async (client) => {
      const { rows } = await client.query<{ current_user: string; session_user: string }>(
        "select current_user, session_user",
      );
      expect(rows).to.deep.equal([{ current_user: names.role, session_user: names.a }]);
      await client.query("create table prices (product text)");
      expect(await failure(client.query("create role intruder"))).to.contain("permission denied");
      expect(await failure(client.query("create database intruder"))).to.contain("permission denied");
      expect(await failure(client.query("select rolpassword from pg_authid"))).to.contain("permission denied");
    });
  });

  it("takes turns: the user before keeps working, the one after owns the same tables", async () => {
    const before = secrets.current("url")["url"] ?? "";
    await asUrl(async (client) => {
      await client.query("set role none");
      await client.query("create table stray (product text)");
    }, before);
    await rotateWhole(secrets, "url", "one", await kindOf("alternating"));
    const after = secrets.current("url")["url"] ?? "";
    expect(new URL(after).username).to.equal(names.b);
    expect(new URL(after).search).to.equal("?sslmode=disable");
    expect(secrets.current("b")).to.deep.equal({ username: names.b, password: new URL(after).password });
    await asUrl((client) => client.query("insert into prices values ('old')"), before);
    await asUrl((client) => client.query("alter table prices add column time timestamptz"), after);
    await asUrl((client) => client.query("alter table stray add column time timestamptz"), after);
    await rotateWhole(secrets, "url", "two", await kindOf("alternating"));
    expect(new URL(secrets.current("url")["url"] ?? "").username).to.equal(names.a);
    expect(await failure(asUrl(() => Promise.resolve(), before))).to.contain("password authentication failed");
    await asUrl((client) => client.query("select 1"), after);
  });

  it("changes the owner's password in place, and goes on from where a failed try stopped", async () => {
    await rotateWhole(secrets, "owner", "one", await kindOf("single"));
    expect(secrets.current("owner")["password"]).to.match(/^[0-9a-f]{48}$/);
    await rotateWhole(secrets, "url", "three", await kindOf("alternating"));
    await asUrl((client) => client.query("select 1"));
  });

  it("sends no password in a statement", async () => {
    if (!admin) throw new Error("Nobody has connected.");
    const { rows } = await admin.query<{ rolpassword: string }>(
      "select rolpassword from pg_authid where rolname = any($1)",
      [[names.a, names.b]],
    );
    for (const { rolpassword } of rows) expect(rolpassword).to.match(/^SCRAM-SHA-256\$4096:/);
  });
});
