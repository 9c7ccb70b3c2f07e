import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { TOKEN_LIFETIME_SECONDS } from "../../../services/shared/token-form.ts";
import type { Verifier } from "../../../services/shared/tokens.ts";
import { until } from "../support.ts";
import { crossing, Log } from "./messages.ts";
import { type Client, connect, replica, type ReplicaOptions, tokenOf } from "./replica.ts";

const ALERTS = { type: "subscribe", channel: "alerts" };

describe("services/websocket alerts", () => {
  let log: Log;
  let prices: Log;
  const replicas: Awaited<ReturnType<typeof replica>>[] = [];
  const start = async (options: ReplicaOptions = {}) => {
    const started = await replica(prices, options, new Log(), log);
    replicas.push(started);
    return started;
  };
  const signIn = async (client: Client, user: string, signedAt?: number) =>
    client.ask({ type: "auth", token: await tokenOf(user, signedAt) });
  /** A token that lives between one and two seconds more. */
  const almostOut = () => Date.now() - (TOKEN_LIFETIME_SECONDS - 2) * 1000;
  const rules = (client: Client) => client.of("alert").map(({ id }) => id);

  beforeEach(() => {
    log = new Log();
    prices = new Log();
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ lifecycle }) => lifecycle.drain("test")));
  });

  it("sends a user's alerts, without saying whose, to who has signed in; messages wait for the token's check", async () => {
    const { alerts, port } = await start();
    const client = await connect(port);
    const user = randomUUID();
    const before = Date.now();
    await signIn(client, user);
    client.ask(ALERTS);
    await client.has(2);
    const id = randomUUID();
    log.add(crossing(user, id), crossing(user, id));
    log.feed(alerts);
    await client.has(3);
    const [authenticated, subscribed, alert] = client.frames;
    expect(authenticated).to.have.all.keys("type", "expires").and.to.include({ type: "authenticated" });
    const lifetime = Date.parse(String(authenticated?.["expires"])) - before;
    expect(lifetime).to.be.within((TOKEN_LIFETIME_SECONDS - 2) * 1000, (TOKEN_LIFETIME_SECONDS + 5) * 1000);
    expect(subscribed).to.deep.equal({ type: "subscribed", channel: "alerts", at: { 0: -1 } });
    expect(alert).to.deep.equal({
      type: "alert",
      id,
      rule: "0d7c7a4e-7f0b-4b8e-9b0a-2f0a4d6f2c11",
      kind: "price",
      subject: "BTC-USD",
      direction: "above",
      threshold: "90000",
      value: "90000.5",
      time: "2026-11-24T07:00:00.000Z",
      firedAt: "2026-11-24T07:00:00.250Z",
      partition: 0,
      offset: 0,
    });
    client.ask({ type: "unsubscribe", channel: "alerts" });
    await client.has(4);
    log.add(crossing(user));
    log.feed(alerts);
    client.ask({ ...ALERTS, from: { 0: 1 } });
    await client.has(6);
    expect(client.frames.slice(3).map(({ type }) => type)).to.deep.equal(["unsubscribed", "subscribed", "alert"]);
  });

  it("never sends anyone somebody else's, live or replayed, however many there are", async () => {
    const users = Array.from({ length: 60 }, () => randomUUID());
    const sent = new Map<string, string[]>(users.map((user) => [user, []]));
    const cross = (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        for (const [at, user] of users.entries()) {
          // Some get many, some few.
          if (round % (1 + (at % 5)) !== 0) continue;
          const id = randomUUID();
          sent.get(user)?.push(id);
          log.add(crossing(user, id));
        }
      }
    };
    cross(10);
    const { alerts, port } = await start();
    const clients = await Promise.all(
      users.map(async (user, at) => {
        const client = await connect(port);
        await signIn(client, user);
        // Half replay from the beginning, half are live only.
        client.ask(at % 2 === 0 ? { ...ALERTS, from: { 0: -1 } } : ALERTS);
        return { user, client, live: at % 2 === 1, already: sent.get(user)?.length ?? 0 };
      }),
    );
    const stranger = await connect(port);
    stranger.ask(ALERTS);
    await until(() => clients.every(({ client }) => client.of("subscribed").length === 1));
    cross(20);
    log.feed(alerts);
    const due = ({ user, live, already }: (typeof clients)[number]) => sent.get(user)?.slice(live ? already : 0) ?? [];
    await until(() => clients.every((one) => rules(one.client).length >= due(one).length));
    // An answer after all of them: nothing more was under way.
    for (const { client } of clients) client.ask({ type: "unsubscribe", channel: "alerts" });
    await until(() => clients.every(({ client }) => client.of("unsubscribed").length === 1));
    for (const one of clients) expect(rules(one.client)).to.deep.equal(due(one)).and.to.have.length.above(3);
    await stranger.has(1);
    expect(stranger.errors()).to.deep.equal(["unauthenticated"]);
    expect(stranger.frames).to.have.length(1);
  });

  it("ends with the token, while public channels go on; a newer token brings it back where it was", async () => {
    const { alerts, prices: stream, port } = await start();
    const client = await connect(port);
    const user = randomUUID();
    await signIn(client, user, almostOut());
    client.ask(ALERTS);
    client.ask({ type: "subscribe", products: ["A-B"] });
    await client.has(3);
    await until(() => client.errors().length === 1);
    expect(client.errors()).to.deep.equal(["token-expired"]);
    log.add(crossing(user));
    log.feed(alerts);
    prices.append("A-B", 1);
    prices.feed(stream);
    await until(() => client.prices().length === 1);
    expect(client.of("alert")).to.have.length(0);
    client.ask(ALERTS);
    await until(() => client.errors().length === 2);
    expect(client.errors()[1]).to.equal("unauthenticated");
    await signIn(client, user);
    client.ask({ ...ALERTS, from: { 0: -1 } });
    await until(() => client.of("alert").length === 1);
  });

  it("goes on when a new token comes in time, and an older one doesn't shorten it", async () => {
    const { alerts, port } = await start();
    const client = await connect(port);
    const user = randomUUID();
    const old = almostOut();
    await signIn(client, user, old);
    client.ask(ALERTS);
    await signIn(client, user);
    await signIn(client, user, old);
    await client.has(4);
    const [, latest, again] = client.of("authenticated");
    expect(again).to.deep.equal(latest);
    await new Promise((resolve) => setTimeout(resolve, old + TOKEN_LIFETIME_SECONDS * 1000 - Date.now() + 50));
    log.add(crossing(user));
    log.feed(alerts);
    await client.has(5);
    expect(client.frames[4]?.type).to.equal("alert");
  });

  it("refuses tokens with the reason, and keeps who is signed in", async () => {
    const { alerts, port } = await start();
    const client = await connect(port);
    const user = randomUUID();
    await signIn(client, user);
    client.ask(ALERTS);
    await signIn(client, user, Date.now() - 3_600_000);
    client.ask({ type: "auth", token: "x.y.z" });
    await signIn(client, randomUUID());
    await client.has(5);
    expect(client.errors()).to.deep.equal(["token-expired", "token-invalid", "other-user"]);
    log.add(crossing(user));
    log.feed(alerts);
    await until(() => client.of("alert").length === 1);
  });

  it("says when tokens can't be checked, whatever went wrong, at no cost to the client", async () => {
    let calls = 0;
    const away: Verifier = {
      verify: () => {
        calls += 1;
        return calls % 2 === 0 ? Promise.reject(new Error("a slip")) : Promise.resolve({ refused: "unavailable" });
      },
    };
    const { port } = await start({ verifier: away, limits: { strikes: 2 } });
    const client = await connect(port);
    for (let i = 0; i < 4; i += 1) client.ask({ type: "auth", token: "x" });
    client.ask({ type: "subscribe", products: ["A-B"] });
    await client.has(5);
    expect(client.errors()).to.deep.equal(Array(4).fill("auth-unavailable"));
    expect(client.frames[4]?.type).to.equal("subscribed");
  });

  it("does not hand one user's subscription to the next, however late the timer is", async () => {
    const [ann, bob] = [randomUUID(), randomUUID()];
    const expires = (milliseconds: number) => new Date(Date.now() + milliseconds);
    const verifier: Verifier = {
      verify: (token) => {
        if (token === "ann") return Promise.resolve({ user: ann, expires: expires(200) });
        // Past the end of Ann's token, and no timer runs between here and the session's next step.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        return Promise.resolve({ user: bob, expires: expires(60_000) });
      },
    };
    const { alerts, port } = await start({ verifier });
    const client = await connect(port);
    client.ask({ type: "auth", token: "ann" });
    client.ask(ALERTS);
    await client.has(2);
    client.ask({ type: "auth", token: "bob" });
    await until(() => client.of("authenticated").length === 2);
    log.add(crossing(ann), crossing(bob));
    log.feed(alerts);
    client.ask({ ...ALERTS, from: { 0: -1 } });
    await until(() => client.of("alert").length >= 1);
    expect(client.errors()).to.deep.equal(["token-expired"]);
    expect(client.of("alert").map(({ offset }) => offset)).to.deep.equal([1]);
  });
});
