import type { AlertMessage } from "../shared/topics/alerts.ts";
import { zoneOr } from "./quiet-hours.ts";

/** What a person reads of an alert. */
export interface Wording {
  readonly title: string;
  readonly body: string;
}

const WHAT = { price: "Price", change: "Change", sentiment: "Sentiment" } as const;

export function wordingOf(alert: AlertMessage, timeZone: string): Wording {
  const { kind, subject, direction, threshold, value, time } = alert;
  const unit = kind === "change" ? " %" : "";
  const when = new Intl.DateTimeFormat("en-GB", {
    timeZone: zoneOr(timeZone, "UTC"),
    dateStyle: "medium",
    timeStyle: "long",
  }).format(new Date(time));
  return {
    title: `${subject}: ${WHAT[kind].toLowerCase()} ${direction} ${threshold}${unit}`,
    body: `${WHAT[kind]} of ${subject} was ${value}${unit} on ${when}. Your rule: ${direction} ${threshold}${unit}.`,
  };
}
