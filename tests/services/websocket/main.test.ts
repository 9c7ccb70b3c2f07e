/** The service as a process: told all by its environment, with a real broker and the issuer's keys over HTTP. */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { JWKS_PATH } from "../../../services/shared/token-form.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { spawnService } from "../process.ts";
import { createTopics, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { crossing } from "./messages.ts";
import { connect, JWKS, tokenOf } from "./replica.ts";

describe("services/websocket/main", () => {
  let issuer: Server;
  let brokers: string;
  before(async function () {
    brokers = needs(this, "KAFKA_BROKERS");
    issuer = createServer((request, response) => {
      response.statusCode = request.url === JWKS_PATH ? 200 : 404;
      response.end(JSON.stringify(JWKS));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    (issuer as Server | undefined)?.close();
  });

  it("sends a signed-in user's alerts, and leaves on SIGTERM without a group or a trace of the user", async () => {
    const kafka = kafkaAt(brokers);
    const [prices, sentiment, alerts] = [unique("prices"), unique("sentiment"), unique("alerts")];
    const topics = [prices, sentiment, alerts].map((topic) => ({ topic, numPartitions: 1 }));
    await createTopics(kafka, ...topics);
    const prefix = unique("websocket-service");
    const service = await spawnService("websocket", {
      KAFKA_BROKERS: brokers,
      KAFKA_SECURITY: "plaintext",
      PRICES_TOPIC: prices,
      PRICES_GROUP_PREFIX: prefix,
      SENTIMENT_TOPIC: sentiment,
      SENTIMENT_GROUP_PREFIX: prefix,
      ALERTS_TOPIC: alerts,
      ALERTS_GROUP_PREFIX: prefix,
      AUTH_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`,
      LOG_LEVEL: "debug",
    });
    const states = async () => {
      const { checks } = (await (await fetch(`${service.url}/ready`)).json()) as { checks: Record<string, string> };
      return Object.values(checks);
    };
    await until(async () => (await states()).every((state) => state === "ok"));
    const admin = kafka.admin();
    await admin.connect();
    const groups = async () => {
      const listed = await admin.listGroups();
      return listed.groups.filter(({ groupId }) => groupId.startsWith(`${prefix}-`)).length;
    };
    expect(await groups()).to.equal(3);

    const user = randomUUID();
    const token = await tokenOf(user);
    const client = await connect(Number(new URL(service.url).port));
    client.ask({ type: "auth", token });
    client.ask({ type: "subscribe", channel: "alerts" });
    await client.has(2);
    expect(client.frames.map(({ type }) => type)).to.deep.equal(["authenticated", "subscribed"]);
    const sender = createSender(kafka, quiet);
    await sender.send(alerts, [{ key: user, value: crossing(user) }]);
    await sender.close();
    await client.has(3);
    expect(client.frames[2]?.type).to.equal("alert");

    const ended = service.end("SIGTERM");
    expect(await client.code()).to.equal(1001);
    expect(await ended).to.equal(0);
    expect(await groups()).to.equal(0);
    await admin.disconnect();
    const logged = JSON.stringify(service.lines);
    expect(logged).to.not.include(user).and.to.not.include(token);
  });
});
