import { createTransport } from "nodemailer";

import { errorCode } from "../shared/logging.ts";
import type { Delivery, Target } from "./delivery.ts";
import { type Outcome, SENT } from "./outcome.ts";
import { wordingOf } from "./wording.ts";

export interface EmailOptions {
  /** smtp:// or smtps://, user and password in it. */
  readonly smtpUrl: string;
  /** Who it is from. */
  readonly from: string;
  /** Where the platform is reached; without it a mail has no link to unsubscribe by. */
  readonly publicUrl: string | undefined;
  /** Refuses to go on in the clear; false is for a mail server on a developer's machine. */
  readonly requireTls: boolean;
}

export interface Email {
  send(delivery: Delivery, target: Extract<Target, { kind: "email" }>): Promise<Outcome>;
  close(): void;
}

/** Below the time that a delivery is ours. */
const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 15_000,
} as const;
const MOST_CONNECTIONS = 4;

/**
 * Mail is sent at least once: a server may have taken one and we die before we could note it. The second has the same
 * Message-ID then, by which servers and programs tell that it is the first one again.
 */
export function createEmail({ smtpUrl, from, publicUrl, requireTls }: EmailOptions): Email {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    requireTLS: requireTls,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...TIMEOUTS,
  });
  return {
    send: async ({ alert, channel, timeZone }, { address, unsubscribeToken }) => {
      const { title, body } = wordingOf(alert, timeZone);
      const link = publicUrl && new URL(`/api/v1/unsubscribe/${unsubscribeToken}`, publicUrl).href;
      try {
        await transport.sendMail({
          from,
          to: { name: "", address },
          subject: title,
          text: [body, ...(link ? [`Stop these mails: ${link}`] : [])].join("\n\n"),
          messageId: messageIdOf(alert.id, channel, from),
          headers: { "Auto-Submitted": "auto-generated", ...(link ? unsubscribeBy(link) : {}) },
        });
        return SENT;
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    close: () => transport.close(),
  };
}

/** The same for a delivery each time it is attempted. */
export function messageIdOf(alert: string, channel: string, from: string): string {
  return `<${alert}.${channel}@${addressOf(from).split("@", 2)[1] ?? "localhost"}>`;
}

/** The address of `alerts@example.org` and of `Alerts <alerts@example.org>`. */
export const addressOf = (mailbox: string): string => /<([^<>]+)>$/.exec(mailbox)?.[1] ?? mailbox;

/** One click in the mail program, no page in between. @source RFC 8058, section 3.1 */
const unsubscribeBy = (link: string) => ({
  "List-Unsubscribe": `<${link}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

/** What a server says for good of one mail or its receiver. That it refuses us altogether is for its owner to mend. */
function outcomeOfError(error: unknown): Outcome {
  const code = errorCode(error) ?? "no code";
  const status =
    typeof error === "object" && error !== null && "responseCode" in error ? error.responseCode : undefined;
  if (typeof status !== "number") return { kind: "again", reason: `the mail server could not be used (${code})` };
  const final = status >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return { kind: final ? "never" : "again", reason: `the mail server answered ${status}` };
}
