import { z } from "zod";

import { alertDirection, alertKind } from "../../shared/topics/alerts.ts";
import { decimalText, id, time } from "../http/fields.ts";
import { pageOf } from "../http/pages.ts";
import { json, memberRoute, type Route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import type { Stores } from "../stores/index.ts";
import { positionCursor } from "../stores/kept.ts";
import { PERSONAL } from "./kept.ts";

const alert = named(
  "Alert",
  z.object({
    id,
    rule: id,
    kind: alertKind,
    subject: z.string(),
    direction: alertDirection,
    threshold: decimalText,
    value: decimalText.describe("What was found at the threshold or beyond it."),
    time: time.describe("When what crossed the line happened."),
    firedAt: time.describe("When that was found."),
  }),
);
const page = pageOf("Alerts", alert);
const cursor = positionCursor("alerts");

export function alertRoutes({ alerts }: Pick<Stores, "alerts">): readonly Route[] {
  return [
    memberRoute({
      id: "listAlerts",
      method: "get",
      path: "/alerts",
      tag: "Alerts",
      summary: "Your alerts, newest first",
      query: cursor.query,
      answers: { 200: { description: "A page of them.", schema: page } },
      cacheControl: PERSONAL,
      handle: async ({ user, query: { limit, cursor: after } }) =>
        json(cursor.page(await alerts.list(user, after, limit), limit)),
    }),
  ];
}
