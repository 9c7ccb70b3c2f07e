import { createHmac } from "node:crypto";

import { expect } from "chai";

import { createOutbound } from "../../../services/notification/outbound.ts";
import { createWebhook, signature } from "../../../services/notification/webhook.ts";
import { delivery, hookAt } from "./deliveries.ts";
import { startReceiver } from "./receiver.ts";

describe("services/notification/webhook", () => {
  it("signs as Standard Webhooks' own example is signed", () => {
    const signed = signature(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      '{"test": 2432232314}',
    );
    expect(signed).to.equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("sends the alert so that its receiver can tell by whom, when, and which one it is", async () => {
    const receiver = await startReceiver();
    const target = hookAt(receiver.url);
    const one = delivery({ channel: "webhook:1", target });
    const send = createWebhook(createOutbound({ strict: false }), () => Date.parse("2026-11-24T07:00:05.900Z"));
    expect(await send(one, target)).to.deep.equal({ kind: "sent" });
    await receiver.close();

    const [request] = receiver.requests;
    const body = request?.body ?? "";
    const key = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
    const seconds = Date.parse("2026-11-24T07:00:05Z") / 1000;
    const mac = createHmac("sha256", key).update(`${one.alert.id}.${seconds}.${body}`).digest("base64");
    expect(request?.headers).to.include({
      "content-type": "application/json",
      "webhook-id": one.alert.id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${mac}`,
    });
    const { id, rule, kind, subject, direction, threshold, value, time } = one.alert;
    expect(JSON.parse(body)).to.deep.equal({
      type: "alert.fired",
      timestamp: one.alert.firedAt,
      data: { id, rule, kind, subject, direction, threshold, value, time },
    });
    expect(body).to.not.include(one.alert.user);
  });
});
