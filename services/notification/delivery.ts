import type { AlertMessage } from "../shared/topics/alerts.ts";
import { type QuietHours, quietUntil } from "./quiet-hours.ts";

/** Where a delivery goes. What has been taken away since it was made is undefined. */
export type Target =
  | { readonly kind: "email"; readonly address: string; readonly wanted: boolean; readonly unsubscribeToken: string }
  | {
      readonly kind: "webhook";
      readonly hook: { readonly id: string; readonly url: string; readonly secret: string } | undefined;
    }
  | { readonly kind: "push"; readonly subscription: Subscription | undefined };

export interface Subscription {
  readonly id: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** A delivery that is ours to attempt. */
export interface Delivery {
  readonly channel: string;
  /** This one included. */
  readonly attempt: number;
  readonly alert: AlertMessage;
  readonly target: Target;
  readonly timeZone: string;
  readonly quiet: QuietHours | undefined;
}

export type Decision =
  | { readonly kind: "send" }
  | { readonly kind: "wait"; readonly until: Date }
  | { readonly kind: "suppress"; readonly reason: string };

/** A price is news for this long; what mean sentiment an hour had is worth knowing the next morning. */
export const NEWS_HOURS = 6;
const HOUR_MS = 3_600_000;

/** Whether to send now. Machines have no quiet hours: a webhook is sent to at any time. */
export function decide({ alert, target, quiet }: Delivery, now: Date): Decision {
  if (!isWanted(target)) return { kind: "suppress", reason: "no longer wanted" };
  const end = quiet && target.kind !== "webhook" ? quietUntil(now, quiet) : undefined;
  const sent = end ?? now;
  if (alert.kind !== "sentiment" && sent.getTime() - Date.parse(alert.time) > NEWS_HOURS * HOUR_MS) {
    return { kind: "suppress", reason: `older than ${NEWS_HOURS} hours` };
  }
  return end ? { kind: "wait", until: end } : { kind: "send" };
}

function isWanted(target: Target): boolean {
  switch (target.kind) {
    case "email":
      return target.wanted;
    case "webhook":
      return target.hook !== undefined;
    case "push":
      return target.subscription !== undefined;
  }
}
