import { createHmac } from "node:crypto";

import type { Delivery, Target } from "./delivery.ts";
import type { Outbound } from "./outbound.ts";
import type { Outcome } from "./outcome.ts";

const PREFIX = "whsec_";

/** A secret with the prefix is base64 of the key; another one is the key itself. @source Standard Webhooks 1.0.0 */
const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), "base64") : Buffer.from(secret);

/** By this the receiver knows that we sent it, and when: an old one that is sent again by another has an old time. */
export function signature(secret: string, id: string, timestamp: number, body: string): string {
  const mac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
  return `v1,${mac}`;
}

/** Sends alerts to users' own machines, in the form of Standard Webhooks. An id that comes twice is one alert. */
export function createWebhook(post: Outbound, now: () => number = Date.now) {
  return async ({ alert }: Delivery, { hook }: Extract<Target, { kind: "webhook" }>): Promise<Outcome> => {
    if (!hook) return { kind: "never", reason: "no such webhook" };
    const { id, rule, kind, subject, direction, threshold, value, time, firedAt } = alert;
    const body = JSON.stringify({
      type: "alert.fired",
      timestamp: firedAt,
      data: { id, rule, kind, subject, direction, threshold, value, time },
    });
    const seconds = Math.floor(now() / 1000);
    return post({
      url: hook.url,
      headers: {
        "content-type": "application/json",
        "user-agent": "cryptotracker-notification",
        "webhook-id": id,
        "webhook-timestamp": String(seconds),
        "webhook-signature": signature(hook.secret, id, seconds, body),
      },
      body,
      gone: [410],
    });
  };
}
