import { z } from "zod";

import { byId, id, time } from "../http/fields.ts";
import { pageOf } from "../http/pages.ts";
import { json, memberRoute, NOT_KEPT, nothing, type Route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import { outsideUrl } from "../outside-url.ts";
import type { Stores } from "../stores/index.ts";
import { positionCursor } from "../stores/kept.ts";
import { MOST_PUSH_SUBSCRIPTIONS } from "../stores/push-subscriptions.ts";
import { PERSONAL, removed } from "./kept.ts";

/** @source RFC 8291, section 3: an uncompressed point of P-256, which is 4 and 64 bytes, and a secret of 16; base64url */
const POINT = /^B[A-P][\w-]{85}=?$/;
const SECRET = /^[\w-]{22}(==)?$/;
const NO_POINT = "must be the browser's public key in base64url";
const NO_SECRET = "must be 16 bytes in base64url";

const newSubscription = named(
  "NewPushSubscription",
  z.strictObject({
    endpoint: outsideUrl,
    // Browsers write it into what they give; none has another value than null.
    expirationTime: z.number().nullable().optional(),
    keys: z.strictObject({
      p256dh: z.string(NO_POINT).regex(POINT, NO_POINT),
      auth: z.string(NO_SECRET).regex(SECRET, NO_SECRET),
    }),
  }),
);
const subscription = named(
  "PushSubscription",
  z.object({ id, service: z.string().describe("Host of the browser's push service."), createdAt: time }),
);
const page = pageOf("PushSubscriptions", subscription);
const cursor = positionCursor("push-subscriptions");
const tag = "Notifications";

export function pushSubscriptionRoutes({ pushSubscriptions }: Pick<Stores, "pushSubscriptions">): readonly Route[] {
  return [
    memberRoute({
      id: "putPushSubscription",
      method: "post",
      path: "/push-subscriptions",
      tag,
      summary: "Have alerts sent to this browser",
      description:
        "Takes what `PushSubscription.toJSON()` gives. An endpoint has one subscription, so repeating it is safe: it " +
        `goes to whoever sent it last. At most ${MOST_PUSH_SUBSCRIPTIONS} for each user.`,
      body: newSubscription,
      answers: {
        200: { description: "It was there, and is renewed.", schema: subscription },
        201: { description: "Made.", schema: subscription },
      },
      refusals: ["too-many-kept"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, body }) => {
        const { made, item } = await pushSubscriptions.put(user, body);
        return json(item, made ? 201 : 200);
      },
    }),
    memberRoute({
      id: "listPushSubscriptions",
      method: "get",
      path: "/push-subscriptions",
      tag,
      summary: "Browsers that your alerts are sent to, oldest first",
      query: cursor.query,
      answers: { 200: { description: "A page of them.", schema: page } },
      cacheControl: PERSONAL,
      handle: async ({ user, query: { limit, cursor: after } }) =>
        json(cursor.page(await pushSubscriptions.list(user, after, limit), limit)),
    }),
    memberRoute({
      id: "deletePushSubscription",
      method: "delete",
      path: "/push-subscriptions/{id}",
      tag,
      summary: "No longer send alerts to a browser",
      params: byId,
      answers: { 204: { description: "Deleted." } },
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params }) => {
        removed(await pushSubscriptions.remove(user, params.id), "push subscription");
        return nothing;
      },
    }),
  ];
}
