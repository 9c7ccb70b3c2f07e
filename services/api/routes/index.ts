import type { Cache } from "../cache.ts";
import type { Route } from "../http/route.ts";
import type { Stores } from "../stores/index.ts";
import { alertRuleRoutes } from "./alert-rules.ts";
import { alertRoutes } from "./alerts.ts";
import { candleRoutes } from "./candles.ts";
import { coinRoutes } from "./coins.ts";
import { preferenceRoutes } from "./preferences.ts";
import { priceRoutes } from "./prices.ts";
import { pushSubscriptionRoutes } from "./push-subscriptions.ts";
import { sentimentRoutes } from "./sentiment.ts";
import { unsubscribeRoutes } from "./unsubscribe.ts";
import { watchlistRoutes } from "./watchlists.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The whole API: the router and the OpenAPI document are made of this list. */
export function apiRoutes(stores: Stores, cache: Cache, now: () => number): readonly Route[] {
  return [
    ...coinRoutes(stores, cache),
    ...priceRoutes(stores, cache),
    ...candleRoutes(stores, cache, now),
    ...sentimentRoutes(stores, cache, now),
    ...watchlistRoutes(stores),
    ...alertRuleRoutes(stores),
    ...alertRoutes(stores),
    ...preferenceRoutes(stores),
    ...webhookRoutes(stores),
    ...pushSubscriptionRoutes(stores),
    ...unsubscribeRoutes(stores),
  ];
}
