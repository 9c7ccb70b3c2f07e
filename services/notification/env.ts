import { z } from "zod";

import { common, kafka, kafkaName, postgres, url } from "../shared/config.ts";

const MAILBOX = "must be an address like alerts@example.org or Alerts <alerts@example.org>";
const VAPID = "must be 32 bytes in base64url";

/** What the notification service takes. */
export const env = z.object({
  ...common,
  ...postgres,
  ...kafka,
  ALERTS_TOPIC: kafkaName,
  ALERTS_GROUP: kafkaName,
  DEAD_LETTER_TOPIC: kafkaName,
  /** smtp:// (STARTTLS, port 587: the way that the network lets it go) or smtps://, user and password in it. */
  SMTP_SECRET: url("smtp", "smtps"),
  /** Who mails are from. @default alerts@ and the public URL's host */
  MAIL_FROM: z
    .string(MAILBOX)
    .regex(/^(?:[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, MAILBOX)
    .optional(),
  /** Where users reach the platform; without it a mail has no link to unsubscribe by. */
  PUBLIC_URL: url("https", "http").optional(),
  /** The private key that browsers' subscriptions were made for; without it there is no web push. @source RFC 8292 */
  VAPID_SECRET: z
    .string(VAPID)
    .regex(/^[\w-]{43}$/, VAPID)
    .optional(),
});
