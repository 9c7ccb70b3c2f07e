import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import type { Kafka } from "../../../services/shared/kafka.ts";
import { createSender, type Sender } from "../../../services/shared/sender.ts";
import { readAlert, writeAlert } from "../../../services/shared/topics/alerts.ts";
import { ROOT } from "../../support/stacks.ts";
import { type ServiceProcess, spawnService } from "../process.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { type Listener, listen } from "../topics.ts";
import { alert } from "./deliveries.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type SmtpSink, startSmtpSink } from "./smtp-sink.ts";

describe("services/notification as processes on Kafka and Postgres", () => {
  let database: Database;
  let kafka: Kafka;
  let sender: Sender;
  let sink: SmtpSink;
  let receiver: Receiver;
  let dead: Listener<string>;
  const topics = { alerts: unique("alerts"), dead: unique("dead") };
  const group = unique("notification");
  const running = new Set<ServiceProcess>();
  const logs: string[] = [];
  const user = randomUUID();
  const rule = randomUUID();
  const hook = randomUUID();
  const address = `${unique("ann")}@example.org`;
  const secret = `whsec_${Buffer.from(unique("secret")).toString("base64")}`;

  before(async function () {
    this.timeout(30_000);
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    sender = createSender(kafka, quiet);
    [sink, receiver] = [await startSmtpSink(), await startReceiver()];
    await createTopics(kafka, { topic: topics.alerts, numPartitions: 2 }, { topic: topics.dead, numPartitions: 1 });
    dead = await listen(kafka, topics.dead, (value) => ({ ok: true, message: value?.toString() ?? "" }));
    const { pool } = database;
    await pool.query("insert into users (id, email, email_key, password_hash) values ($1, $2, $2, 'x')", [user, address]); // prettier-ignore
    await pool.query("insert into webhooks (id, user_id, url, secret) values ($1, $2, $3, $4)", [hook, user, receiver.url, secret]); // prettier-ignore
    await pool.query(
      `insert into alert_rules (id, user_id, kind, subject, direction, threshold)
       values ($1, $2, 'price', 'BTC-USD', 'above', 100000)`,
      [rule, user],
    );
  });
  after(async () => {
    await Promise.all([...running].map((replica) => replica.end("SIGKILL")));
    await (dead as Listener<string> | undefined)?.stop();
    await (sender as Sender | undefined)?.close();
    await Promise.all([(sink as SmtpSink | undefined)?.close(), (receiver as Receiver | undefined)?.close()]);
    await (database as Database | undefined)?.drop();
  });

  const start = async (): Promise<ServiceProcess> => {
    const replica = await spawnService("notification", {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: process.env["KAFKA_BROKERS"] ?? "",
      KAFKA_SECURITY: "plaintext",
      ALERTS_TOPIC: topics.alerts,
      ALERTS_GROUP: group,
      DEAD_LETTER_TOPIC: topics.dead,
      SMTP_SECRET: sink.url,
      PUBLIC_URL: "https://tracker.example.org",
    });
    running.add(replica);
    return replica;
  };
  const end = async (replica: ServiceProcess, signal: "SIGTERM" | "SIGKILL"): Promise<number | null> => {
    running.delete(replica);
    const code = await replica.end(signal);
    logs.push(...replica.lines.map((line) => JSON.stringify(line)));
    return code;
  };
  /** Alerts as the alert service leaves them: in their table, and in the topic that many times. */
  const fire = async (count: number, times = 1): Promise<string[]> => {
    const now = new Date().toISOString();
    const fired = Array.from({ length: count }, () => alert({ user, rule, time: now, firedAt: now }));
    await database.pool.query(
      `insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time)
       select id, $2, $3, 'price', 'BTC-USD', 'above', 100000, 100000.5, $4 from unnest($1::uuid[]) as id`,
      [fired.map(({ id }) => id), rule, user, now],
    );
    const messages = fired.map((one) => ({ key: user, value: writeAlert(one) }));
    for (let i = 0; i < times; i += 1) await sender.send(topics.alerts, messages);
    return fired.map(({ id }) => id);
  };
  const statuses = async (ids: readonly string[], channel = "%") => {
    const { rows } = await database.pool.query<{ status: string; attempts: number; reason: string | null }>(
      "select status, attempts, reason from deliveries where alert_id = any($1) and channel like $2 order by channel",
      [ids, channel],
    );
    return rows;
  };
  const allAre = async (ids: readonly string[], status: string, channels = 2): Promise<boolean> => {
    const rows = await statuses(ids);
    return rows.length === channels * ids.length && rows.every((row) => row.status === status);
  };
  /** Alerts by the Message-IDs of the mails, in order. */
  const mailed = () => sink.mails.map(({ text }) => /^message-id: <([^.]+)\.email@/im.exec(text)?.[1] ?? "");

  it("sends each alert once by each channel, though it is published twice and two replicas share the work", async function () {
    this.timeout(60_000);
    const replicas = await Promise.all([start(), start()]);
    const ids = await fire(120, 2);
    await until(() => allAre(ids, "sent"));
    expect(mailed().sort()).to.deep.equal([...ids].sort());
    expect(receiver.requests.map(({ headers }) => headers["webhook-id"]).sort()).to.deep.equal([...ids].sort());
    expect(new Set(sink.mails.flatMap(({ to }) => to))).to.deep.equal(new Set([address]));
    for (const replica of replicas) expect(await end(replica, "SIGTERM")).to.equal(0);
  });

  it("sends a mail again under its own id when its sender died before it could note it", async function () {
    this.timeout(60_000);
    sink.answer("DATA", undefined);
    const doomed = await start();
    const [id = ""] = await fire(1);
    await until(() => mailed().includes(id));
    await end(doomed, "SIGKILL");
    expect((await statuses([id], "email"))[0]).to.include({ status: "sending", attempts: 1 });

    sink.answer("DATA", "250 taken");
    const next = await start();
    // The minute for which a delivery is its sender's, over at once.
    await database.pool.query("update deliveries set claimed_until = now() where status = 'sending'");
    await until(() => allAre([id], "sent"));
    expect(mailed().filter((mail) => mail === id).length).to.equal(2);
    expect((await statuses([id], "email"))[0]).to.include({ attempts: 2 });
    await end(next, "SIGTERM");
  });

  it("puts aside what is refused for good, switches a webhook off that is gone, and sends it all when told to", async function () {
    this.timeout(60_000);
    sink.answer("RCPT", `550 ${address} is unknown here`);
    receiver.answer(410);
    const replica = await start();
    const ids = await fire(1);
    await until(() => allAre(ids, "failed"));
    expect((await statuses(ids)).map(({ reason }) => reason)).to.deep.equal([
      "the mail server answered 550",
      "answered 410",
    ]);
    await until(() => dead.headers.length === 2);
    const asides = dead.headers.map((headers) => [headers["dead-letter-channel"], headers["dead-letter-topic"]]);
    expect(asides.sort()).to.deep.equal([
      ["email", topics.alerts],
      [`webhook:${hook}`, topics.alerts],
    ]);
    expect(dead.messages.map((value) => readAlert(value).ok)).to.deep.equal([true, true]);
    const later = await fire(1);
    await until(() => allAre(later, "failed", 1));
    expect(await statuses(later, "webhook:%")).to.deep.equal([]);

    sink.answer("RCPT", "250 fine");
    receiver.answer(204);
    await database.pool.query("update webhooks set disabled_at = null");
    const sentBefore = receiver.requests.length;
    await replay("--since", "2026-01-01T00:00:00Z", "--channel", "email");
    await until(() => allAre(later, "sent", 1));
    expect((await statuses(ids, "webhook:%"))[0]).to.include({ status: "failed" });
    await replay("--since", "2026-01-01T00:00:00Z");
    await until(() => allAre(ids, "sent"));
    expect(receiver.requests.length).to.equal(sentBefore + 1);
    await end(replica, "SIGTERM");
  });

  it("refuses a replay without a time", async () => {
    const refusal: unknown = await replay("--since", "yesterday").catch((error: unknown) => error);
    expect(refusal).to.include({ code: 2 });
  });

  it("sends no mail to whom unsubscribed, and puts aside a message that is none", async function () {
    this.timeout(30_000);
    const replica = await start();
    await database.pool.query("update notification_preferences set email = false");
    await sender.send(topics.alerts, [{ key: user, value: "nonsense" }]);
    const ids = await fire(1);
    await until(async () => (await statuses(ids, "webhook:%"))[0]?.status === "sent");
    expect(await statuses(ids, "email")).to.deep.equal([]);
    await until(() => dead.messages.includes("nonsense"));
    expect((await fetch(`${replica.url}/ready`)).status).to.equal(200);
    await end(replica, "SIGTERM");
  });

  it("names in its log nobody's address, no URL, no secret and no token", async () => {
    const { rows } = await database.pool.query<{ token: string }>("select unsubscribe_token as token from notification_preferences"); // prettier-ignore
    expect(logs.length).to.be.above(250);
    for (const told of [address, address.split("@", 1)[0], receiver.url, secret, sink.url, rows[0]?.token]) {
      expect(logs.filter((line) => line.includes(String(told)))).to.deep.equal([]);
    }
    expect(logs.filter((line) => line.includes('"level":"error"'))).to.deep.equal([]);
  });

  async function replay(...args: string[]): Promise<void> {
    await promisify(execFile)(process.execPath, [join(ROOT, "services/notification/replay.ts"), ...args], {
      env: { PATH: process.env["PATH"], DATABASE_URL: database.url },
    });
  }
});
