import type { Pool } from "../../shared/postgres.ts";
import { type AlertRuleStore, createAlertRuleStore } from "./alert-rules.ts";
import { type AlertStore, createAlertStore } from "./alerts.ts";
import { createDatabase } from "./database.ts";
import { createPreferenceStore, type PreferenceStore } from "./preferences.ts";
import { createPriceStore, type PriceStore } from "./prices.ts";
import { createPushSubscriptionStore, type PushSubscriptionStore } from "./push-subscriptions.ts";
import { createSentimentStore, type SentimentStore } from "./sentiment.ts";
import { createWatchlistStore, type WatchlistStore } from "./watchlists.ts";
import { createWebhookStore, type WebhookStore } from "./webhooks.ts";

/** SQL behind the API. Every method may safely run twice, so each is tried again when its connection was cut. */
export interface Stores {
  readonly prices: PriceStore;
  readonly sentiment: SentimentStore;
  readonly watchlists: WatchlistStore;
  readonly alertRules: AlertRuleStore;
  readonly alerts: AlertStore;
  readonly preferences: PreferenceStore;
  readonly webhooks: WebhookStore;
  readonly pushSubscriptions: PushSubscriptionStore;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const TABLES = [
  ...[
    "prices",
    "exchange_prices",
    "product_exchanges",
    "candles",
    "sentiment_scores",
    "watchlists",
    "alert_rules",
    "alerts",
  ],
  ...["notification_preferences", "webhooks", "push_subscriptions"],
] as const;
/** Finds each by its name; one that is not there is an error. */
const CHECK = `select ${TABLES.map((table) => `'${table}'::regclass`).join(", ")}`;

export function createStores(pool: Pick<Pool, "query" | "connect">): Stores {
  const database = createDatabase(pool);
  const { query } = database;
  return {
    prices: createPriceStore(query),
    sentiment: createSentimentStore(query),
    watchlists: createWatchlistStore(database),
    alertRules: createAlertRuleStore(database),
    alerts: createAlertStore(query),
    preferences: createPreferenceStore(query),
    webhooks: createWebhookStore(database),
    pushSubscriptions: createPushSubscriptionStore(database),
    check: async () => {
      await query(CHECK);
    },
  };
}
