import { alertRule, newAlertRule } from "../alert-rule.ts";
import { byId } from "../http/fields.ts";
import { pageOf } from "../http/pages.ts";
import { json, memberRoute, NOT_KEPT, nothing, type Route } from "../http/route.ts";
import { MOST_ALERT_RULES } from "../stores/alert-rules.ts";
import type { Stores } from "../stores/index.ts";
import { positionCursor } from "../stores/kept.ts";
import { created, existing, KEYED, PERSONAL, removed } from "./kept.ts";

const page = pageOf("AlertRules", alertRule);
const cursor = positionCursor("alert-rules");
const tag = "Alerts";
const one = { 200: { description: "The rule.", schema: alertRule } };

export function alertRuleRoutes({ alertRules }: Pick<Stores, "alertRules">): readonly Route[] {
  return [
    memberRoute({
      id: "createAlertRule",
      method: "post",
      path: "/alert-rules",
      tag,
      summary: "Make an alert rule",
      description: `At most ${MOST_ALERT_RULES} for each user. ${KEYED}`,
      body: newAlertRule,
      keyed: true,
      answers: { 201: { description: "Made, or made before.", schema: alertRule } },
      refusals: ["idempotency-key-reused", "too-many-kept"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, key, body }) => created("/alert-rules", await alertRules.create(user, key, body)),
    }),
    memberRoute({
      id: "listAlertRules",
      method: "get",
      path: "/alert-rules",
      tag,
      summary: "Your alert rules, oldest first",
      query: cursor.query,
      answers: { 200: { description: "A page of them.", schema: page } },
      cacheControl: PERSONAL,
      handle: async ({ user, query: { limit, cursor: after } }) =>
        json(cursor.page(await alertRules.list(user, after, limit), limit)),
    }),
    memberRoute({
      id: "getAlertRule",
      method: "get",
      path: "/alert-rules/{id}",
      tag,
      summary: "An alert rule",
      params: byId,
      answers: one,
      refusals: ["not-found"],
      cacheControl: PERSONAL,
      handle: async ({ user, params }) => json(existing(await alertRules.find(user, params.id), "alert rule")),
    }),
    memberRoute({
      id: "replaceAlertRule",
      method: "put",
      path: "/alert-rules/{id}",
      tag,
      summary: "Change an alert rule",
      description: "A changed rule is judged anew, by what happens from then on. One that stays the same is not.",
      params: byId,
      body: newAlertRule,
      answers: one,
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params, body }) =>
        json(existing(await alertRules.replace(user, params.id, body), "alert rule")),
    }),
    memberRoute({
      id: "deleteAlertRule",
      method: "delete",
      path: "/alert-rules/{id}",
      tag,
      summary: "Delete an alert rule, and the alerts it gave",
      params: byId,
      answers: { 204: { description: "Deleted." } },
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params }) => {
        removed(await alertRules.remove(user, params.id), "alert rule");
        return nothing;
      },
    }),
  ];
}
