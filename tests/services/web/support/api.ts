/** The mock's HTTP: the shapes of the services, their refusals, and a memory as long as the test. */
import { randomUUID } from "node:crypto";
import express, { type Express, type Request, type Response } from "express";
import { newAlertRule } from "../../../../services/api/alert-rule.ts";
import { onlyJson, parsed, problemHandler } from "../../../../services/shared/problem-express.ts";
import { Problem } from "../../../../services/shared/problem.ts";
import { signIn, signUp } from "../../../../services/auth/bodies.ts";
import { quiet } from "../../support.ts";
import { candlesOf, COINS, moodsOf, overviewOf } from "./market.ts";

export interface MockUser {
  readonly email: string;
  readonly password: string;
}

export interface MockApi {
  readonly app: Express;
  readonly rules: readonly { readonly id: string }[];
  isUser(token: string): boolean;
}

const COOKIE = "refresh";

const asked = ({ url }: Request, name: string): string => new URL(url, "http://mock").searchParams.get(name) ?? "";

export function mockApi(known: MockUser): MockApi {
  const app = express();
  const users = new Map([[known.email, known.password]]);
  const tokens = new Map<string, string>();
  const rules: ({ readonly id: string } & Record<string, unknown>)[] = [];
  const byKey = new Map<string, string>();
  const alerts: object[] = [];
  let preferences: unknown = { email: true, quietHours: { from: "22:00", to: "07:00" }, timeZone: "Europe/Berlin" };
  const now = (): number => Date.now();
  const json = [onlyJson, express.json()];

  function member(request: Request): void {
    const token = request.get("authorization")?.replace("Bearer ", "") ?? "";
    if (!tokens.has(token)) throw new Problem("unauthenticated", "Send an access token as Authorization: Bearer.");
  }

  function enter(response: Response, email: string): void {
    const accessToken = randomUUID();
    tokens.set(accessToken, email);
    response.cookie(COOKIE, Buffer.from(email).toString("base64url"), {
      path: "/auth",
      httpOnly: true,
      sameSite: "strict",
    });
    const sessionExpiresAt = new Date(now() + 86_400_000).toISOString();
    response.json({ accessToken, tokenType: "Bearer", expiresIn: 600, sessionExpiresAt });
  }

  app.post("/auth/v1/sign-up", ...json, (request, response) => {
    const { email, password } = parsed(signUp, request.body, "invalid-body");
    if (!users.has(email.key)) users.set(email.key, password);
    response.status(202).json({ status: "accepted" });
  });
  app.post("/auth/v1/sign-in", ...json, (request, response) => {
    const { email, password } = parsed(signIn, request.body, "invalid-body");
    if (users.get(email.key) !== password) {
      throw new Problem("invalid-credentials", "Look at both, and try again.");
    }
    enter(response, email.key);
  });
  app.post("/auth/v1/refresh", ...json, (request, response) => {
    const [, kept] = new RegExp(`${COOKIE}=([\\w-]+)`).exec(request.get("cookie") ?? "") ?? [];
    if (kept === undefined) throw new Problem("unauthenticated", "Sign in again.");
    enter(response, Buffer.from(kept, "base64url").toString());
  });
  app.post("/auth/v1/sign-out", ...json, (_request, response) => {
    response.clearCookie(COOKIE, { path: "/auth" }).status(204).end();
  });
  app.get("/auth/v1/me", (request, response) => {
    member(request);
    response.json({ id: randomUUID(), email: known.email, createdAt: new Date(0).toISOString() });
  });

  app.get("/api/v1/coins", (_request, response) => {
    const traded = COINS.map(({ symbol, name, product }) => ({ symbol, name, product }));
    response.json({ items: [...traded, { symbol: "KAS", name: "Kaspa", product: null }], next: null });
  });
  app.get("/api/v1/prices", (_request, response) => {
    const time = new Date(now()).toISOString();
    const prices = COINS.map(({ product, price }) => ({
      product,
      price: String(price),
      tradeId: 1,
      size: "1",
      side: "buy",
      time,
    }));
    response.json({ prices });
  });
  app.get("/api/v1/candles/:product", (request, response) => {
    const count = asked(request, "from") === "" ? 160 : 24;
    response.json(candlesOf(request.params.product, asked(request, "interval"), count, now()));
  });
  app.get("/api/v1/sentiment", (_request, response) => {
    response.json(overviewOf(now()));
  });
  app.get("/api/v1/sentiment/:symbol", (request, response) => {
    response.json(moodsOf(request.params.symbol, asked(request, "interval"), 160, now()));
  });
  app.use("/api/v1", (request, _response, next) => {
    member(request);
    next();
  });
  app.get("/api/v1/alerts", (_request, response) => void response.json({ items: alerts, next: null }));
  app.get("/api/v1/alert-rules", (_request, response) => void response.json({ items: rules, next: null }));
  app.post("/api/v1/alert-rules", ...json, (request, response) => {
    const body = parsed(newAlertRule, request.body, "invalid-body");
    const key = request.get("idempotency-key");
    if (key === undefined) throw new Problem("idempotency-key-required", "Send an Idempotency-Key header with a UUID.");
    if (rules.length === 3) throw new Problem("too-many-kept", "At most 3 alert rules are kept; delete one first.");
    const id = byKey.get(key) ?? randomUUID();
    byKey.set(key, id);
    const at = new Date(now()).toISOString();
    const made = { id, ...body, revision: 1, createdAt: at, updatedAt: at };
    rules.push(made);
    response.status(201).json(made);
  });
  app.put("/api/v1/alert-rules/:id", ...json, (request, response) => {
    const index = rules.findIndex(({ id }) => id === request.params["id"]);
    const body = parsed(newAlertRule, request.body, "invalid-body");
    rules[index] = { ...rules[index], id: String(request.params["id"]), ...body };
    response.json(rules[index]);
  });
  app.delete("/api/v1/alert-rules/:id", (request, response) => {
    rules.splice(
      rules.findIndex(({ id }) => id === request.params.id),
      1,
    );
    response.status(204).end();
  });
  app.get("/api/v1/notification-preferences", (_request, response) => void response.json(preferences));
  app.put("/api/v1/notification-preferences", ...json, (request, response) => {
    preferences = request.body as unknown;
    response.json(preferences);
  });

  return { app, rules, isUser: (token) => tokens.has(token) };
}

/** After everything else that the mock serves. */
export const refusals = problemHandler(quiet);
