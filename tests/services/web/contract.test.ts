/** The services ↔ the page, which share no code: every answer that the API's schemas allow is one that the page reads. */
import { expect } from "chai";
import fc from "fast-check";
import pg from "pg";
import { toJSONSchema, type ZodType } from "zod";
import type * as mini from "zod/mini";
import { createCache } from "../../../services/api/cache.ts";
import type { JsonSchema } from "../../../services/api/http/open-api.ts";
import { interval } from "../../../services/api/intervals.ts";
import { apiRoutes } from "../../../services/api/routes/index.ts";
import { createStores } from "../../../services/api/stores/index.ts";
import { LONGEST, SHORTEST } from "../../../services/auth/password-rules.ts";
import { PASSWORD } from "../../../services/web/src/account/limits.ts";
import { INTERVALS } from "../../../services/web/src/chart/intervals.ts";
import * as shapes from "../../../services/web/src/http/shapes.ts";
import { fitting } from "../api/from-schema.ts";
import { quiet } from "../support.ts";
import { mockApi } from "./support/api.ts";
import { USER } from "./support/mock.ts";

/** By the operation's id: what the page reads of it, and where it asks. */
const READS: Readonly<Record<string, readonly [mini.ZodMiniType, string]>> = {
  listCoins: [shapes.coins, "/coins"],
  listLatestPrices: [shapes.latestPrices, "/prices"],
  listCandles: [shapes.candles, "/candles/BTC-USD?interval=1h"],
  getSentiment: [shapes.moods, "/sentiment/BTC?interval=1h"],
  getSentimentOverview: [shapes.moodOverview, "/sentiment"],
  listAlertRules: [shapes.alertRules, "/alert-rules?limit=200"],
  getAlertRule: [shapes.alertRule, ""],
  listAlerts: [shapes.alerts, "/alerts?limit=25"],
  getNotificationPreferences: [shapes.preferences, "/notification-preferences"],
};

describe("contract: the services and the page", () => {
  // Nothing is asked of them: the routes are wanted for what they say of themselves.
  const pool = new pg.Pool();
  const nothing = { get: () => Promise.resolve(null), set: () => Promise.resolve() };
  const routes = apiRoutes(createStores(pool), createCache(nothing, quiet), Date.now);

  function answerOf(id: string): ZodType {
    const schema = routes.find((route) => route.id === id)?.answers[200]?.schema;
    if (!schema) throw new Error(`the API has no ${id}`);
    return schema;
  }

  const none = (reference: string): JsonSchema => {
    throw new Error(`${reference} should have been written out`);
  };

  for (const [id, [shape]] of Object.entries(READS)) {
    it(`${id}: whatever the API may answer, the page reads`, () => {
      const json: JsonSchema = toJSONSchema(answerOf(id), { io: "output", reused: "inline" });
      fc.assert(
        fc.property(fitting(json, none), (answer) => {
          expect(shape.safeParse(answer).error?.issues ?? []).to.deep.equal([]);
        }),
      );
    });
  }

  it("is one that the browser's tests keep: their mock answers as the API would", async () => {
    const { app } = mockApi(USER);
    const server = app.listen(0, "127.0.0.1");
    const address = await new Promise<string>((done) =>
      server.once("listening", () => {
        const bound = server.address();
        done(typeof bound === "object" && bound ? `http://127.0.0.1:${bound.port}` : "");
      }),
    );
    const post = { method: "POST", headers: { "content-type": "application/json" } };
    const signedIn = await fetch(`${address}/auth/v1/sign-in`, { ...post, body: JSON.stringify(USER) });
    const { accessToken } = shapes.session.parse(await signedIn.json());
    const authorization = `Bearer ${accessToken}`;
    const rule = { kind: "price", subject: "BTC-USD", direction: "above", threshold: "1" };
    const keyed = { ...post.headers, authorization, "idempotency-key": "k" };
    await fetch(`${address}/api/v1/alert-rules`, { ...post, headers: keyed, body: JSON.stringify(rule) });
    for (const [id, [, path]] of Object.entries(READS)) {
      if (path === "") continue;
      const response = await fetch(`${address}/api/v1${path}`, { headers: { authorization } });
      const { error } = answerOf(id).safeParse(await response.json());
      expect(error?.issues ?? [], id).to.deep.equal([]);
    }
    server.closeAllConnections();
    server.close();
  });

  it("has the same lengths of candles and of passwords on both sides", () => {
    expect([...INTERVALS]).to.deep.equal(interval.options);
    expect(PASSWORD).to.deep.equal({ shortest: SHORTEST, longest: LONGEST });
  });
});
