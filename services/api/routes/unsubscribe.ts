import { z } from "zod";

import { page } from "../http/html.ts";
import { NOT_KEPT, type Route, route } from "../http/route.ts";
import type { Stores } from "../stores/index.ts";
import { existing } from "./kept.ts";

const params = z.strictObject({ token: z.uuid("must be the link of a mail") });

const common = {
  path: "/unsubscribe/{token}",
  tag: "Notifications",
  access: "open",
  params,
  secretPath: true,
  refusals: ["not-found"],
  cacheControl: NOT_KEPT,
} as const;
const LINK = "unsubscribe link";

/**
 * The link in each mail, for whoever has it. Opening it changes nothing, since scanners of mail open links; the button
 * behind it, and a mail program by itself, send the POST that does.
 * @source RFC 8058
 */
export function unsubscribeRoutes({ preferences }: Pick<Stores, "preferences">): readonly Route[] {
  return [
    route({
      ...common,
      id: "askToUnsubscribe",
      method: "get",
      summary: "A page that asks whether mail shall end",
      answers: { 200: { description: "A page with a button.", page: true } },
      handle: async ({ params: { token } }) => {
        existing((await preferences.hasToken(token)) || undefined, LINK);
        return page(
          "No more mail?",
          `<p>Alerts will no longer be sent to you by mail. You can switch them on again in your preferences.</p>
<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>`,
        );
      },
    }),
    route({
      ...common,
      id: "unsubscribe",
      method: "post",
      summary: "End mail, in one click",
      description: "As RFC 8058 has it. The body is not read; repeating it changes nothing.",
      answers: { 200: { description: "Alerts are no longer sent by mail.", page: true } },
      handle: async ({ params: { token } }) => {
        existing((await preferences.unsubscribe(token)) || undefined, LINK);
        return page("No more mail", "<p>Alerts are no longer sent to you by mail.</p>");
      },
    }),
  ];
}
