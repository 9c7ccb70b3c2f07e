import { z } from "zod";

import { json, memberRoute, NOT_KEPT, type Route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import type { Stores } from "../stores/index.ts";
import { PERSONAL } from "./kept.ts";

const clock = z.string("must be a time like 22:00").regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time like 22:00");

/** Of names in the IANA database: an offset such as +01:00 would not follow summer time. */
const TIME_ZONE = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const preferences = named(
  "NotificationPreferences",
  z.strictObject({
    email: z.boolean("must be true or false").describe("Whether alerts come by mail."),
    quietHours: z
      .strictObject({ from: clock, to: clock }, "must have from and to, or be null")
      .refine(({ from, to }) => from !== to, { error: "must not begin when they end" })
      .nullable()
      .describe("In your own time; over midnight when `to` is the earlier. Null for none."),
    timeZone: z
      .string("must be a time zone like Europe/Berlin")
      .max(64, "must be a time zone like Europe/Berlin")
      .regex(TIME_ZONE, { error: "must be a time zone like Europe/Berlin", abort: true })
      .refine(isTimeZone, { error: "must be a time zone like Europe/Berlin" })
      .describe("Name in the IANA time zone database, `Europe/Berlin`."),
  }),
);

const common = { path: "/notification-preferences", tag: "Notifications" } as const;
const answers = { 200: { description: "The preferences.", schema: preferences } };

export function preferenceRoutes({ preferences: store }: Pick<Stores, "preferences">): readonly Route[] {
  return [
    memberRoute({
      ...common,
      id: "getNotificationPreferences",
      method: "get",
      summary: "How you are told of alerts",
      answers,
      cacheControl: PERSONAL,
      handle: async ({ user }) => json(await store.get(user)),
    }),
    memberRoute({
      ...common,
      id: "putNotificationPreferences",
      method: "put",
      summary: "Say how you want to be told of alerts",
      body: preferences,
      answers,
      cacheControl: NOT_KEPT,
      handle: async ({ user, body }) => json(await store.put(user, body)),
    }),
  ];
}
