import { randomUUID } from "node:crypto";

import type { Delivery, Target } from "../../../services/notification/delivery.ts";
import type { AlertMessage } from "../../../services/shared/topics/alerts.ts";

export const alert = (given: Partial<AlertMessage> = {}): AlertMessage => ({
  v: 1,
  id: randomUUID(),
  user: randomUUID(),
  rule: randomUUID(),
  kind: "price",
  subject: "BTC-USD",
  direction: "above",
  threshold: "100000",
  value: "100000.5",
  time: "2026-11-24T07:00:00.000Z",
  firedAt: "2026-11-24T07:00:00.100Z",
  ...given,
});

export const mailTo = (address: string): Extract<Target, { kind: "email" }> => ({
  kind: "email",
  address,
  wanted: true,
  unsubscribeToken: "5c7f0f3e-3f5f-4b0e-9a51-0e8f6c1d2b3a",
});

export const hookAt = (url: string): Extract<Target, { kind: "webhook" }> => ({
  kind: "webhook",
  hook: { id: randomUUID(), url, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
});

export const delivery = (given: Partial<Delivery> = {}): Delivery => ({
  channel: "email",
  attempt: 1,
  alert: alert(),
  target: mailTo("ann@example.org"),
  timeZone: "UTC",
  quiet: undefined,
  ...given,
});
