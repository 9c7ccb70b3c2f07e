import { z } from "zod";

import { byId, id, time } from "../http/fields.ts";
import { pageOf } from "../http/pages.ts";
import { json, memberRoute, NOT_KEPT, nothing, type Route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import { outsideUrl } from "../outside-url.ts";
import type { Stores } from "../stores/index.ts";
import { positionCursor } from "../stores/kept.ts";
import { MOST_WEBHOOKS } from "../stores/webhooks.ts";
import { created, existing, KEYED, PERSONAL, removed } from "./kept.ts";

const url = outsideUrl.describe("https, a public host, port 443.");
const newWebhook = named("NewWebhook", z.strictObject({ url }));
const changedWebhook = named(
  "ChangedWebhook",
  z.strictObject({ url, enabled: z.boolean("must be true or false").default(true) }),
);
const shown = {
  id,
  url: z.string(),
  enabled: z.boolean().describe("False when you switched it off, or we did because it took nothing."),
  createdAt: time,
};
const webhook = named("Webhook", z.object(shown));
const withSecret = named(
  "WebhookWithSecret",
  z.object({ ...shown, secret: z.string().describe("What its messages are signed with. It is not shown again.") }),
);
const page = pageOf("Webhooks", webhook);
const cursor = positionCursor("webhooks");
const tag = "Notifications";
const one = { 200: { description: "The webhook.", schema: webhook } };

export function webhookRoutes({ webhooks }: Pick<Stores, "webhooks">): readonly Route[] {
  return [
    memberRoute({
      id: "createWebhook",
      method: "post",
      path: "/webhooks",
      tag,
      summary: "Have alerts sent to a URL",
      description: `At most ${MOST_WEBHOOKS} for each user. ${KEYED}`,
      body: newWebhook,
      keyed: true,
      answers: { 201: { description: "Made, or made before.", schema: withSecret } },
      refusals: ["idempotency-key-reused", "too-many-kept"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, key, body }) => created("/webhooks", await webhooks.create(user, key, body.url)),
    }),
    memberRoute({
      id: "listWebhooks",
      method: "get",
      path: "/webhooks",
      tag,
      summary: "Your webhooks, oldest first",
      query: cursor.query,
      answers: { 200: { description: "A page of them.", schema: page } },
      cacheControl: PERSONAL,
      handle: async ({ user, query: { limit, cursor: after } }) =>
        json(cursor.page(await webhooks.list(user, after, limit), limit)),
    }),
    memberRoute({
      id: "getWebhook",
      method: "get",
      path: "/webhooks/{id}",
      tag,
      summary: "A webhook",
      params: byId,
      answers: one,
      refusals: ["not-found"],
      cacheControl: PERSONAL,
      handle: async ({ user, params }) => json(existing(await webhooks.find(user, params.id), "webhook")),
    }),
    memberRoute({
      id: "replaceWebhook",
      method: "put",
      path: "/webhooks/{id}",
      tag,
      summary: "Change a webhook, or switch it on again",
      params: byId,
      body: changedWebhook,
      answers: one,
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params, body }) =>
        json(existing(await webhooks.replace(user, params.id, body), "webhook")),
    }),
    memberRoute({
      id: "deleteWebhook",
      method: "delete",
      path: "/webhooks/{id}",
      tag,
      summary: "Delete a webhook",
      params: byId,
      answers: { 204: { description: "Deleted." } },
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params }) => {
        removed(await webhooks.remove(user, params.id), "webhook");
        return nothing;
      },
    }),
  ];
}
