import { createECDH } from "node:crypto";

import webPush from "web-push";

import type { Delivery, Target } from "./delivery.ts";
import { NEWS_HOURS } from "./delivery.ts";
import type { Outbound } from "./outbound.ts";
import type { Outcome } from "./outcome.ts";
import { wordingOf } from "./wording.ts";

export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Both keys from the private one, 32 bytes in base64url. @source RFC 8292 @throws when it is no such key */
export function vapidKeys(privateKey: string): VapidKeys {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(Buffer.from(privateKey, "base64url"));
  return { privateKey, publicKey: ecdh.getPublicKey("base64url") };
}

/** @source RFC 8030, section 7.3: a subscription that has ended is answered by 404, in use 410 too */
const GONE = [404, 410];
/** How long a push service keeps it for a browser that is away. */
const TTL_SECONDS = NEWS_HOURS * 3_600;

/**
 * Sends alerts to browsers. The library encrypts and signs; the request is ours, since an endpoint is a URL that a
 * client chose, like a webhook's.
 *
 * @param subject whom a push service may turn to: a mailto: or https: URL
 * @throws when that or the keys are not fit
 */
export function createPush(post: Outbound, { publicKey, privateKey }: VapidKeys, subject: string) {
  webPush.setVapidDetails(subject, publicKey, privateKey);
  return async (
    { alert, timeZone }: Delivery,
    { subscription }: Extract<Target, { kind: "push" }>,
  ): Promise<Outcome> => {
    if (!subscription) return { kind: "never", reason: "no such subscription" };
    const { endpoint, p256dh, auth } = subscription;
    const payload = JSON.stringify({ id: alert.id, ...wordingOf(alert, timeZone) });
    let details: webPush.RequestDetails;
    try {
      details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
        TTL: TTL_SECONDS,
        urgency: "high",
      });
    } catch {
      // Ours have been looked at: its keys are none, and nothing can be encrypted for it.
      return { kind: "never", reason: "its keys are not fit", gone: true };
    }
    const headers = new Headers(details.headers);
    return post({ url: endpoint, headers: Object.fromEntries(headers), body: details.body ?? "", gone: GONE });
  };
}
