import type { Message } from "../shared/kafka.ts";
import { writeAlert } from "../shared/topics/alerts.ts";
import type { Delivery } from "./delivery.ts";

/** A delivery that is given up as a dead letter: the alert as its topic had it, and what became of it in headers. */
export function deadDelivery({ alert, channel, attempt }: Delivery, reason: string, topic: string): Message {
  return {
    key: alert.user,
    value: writeAlert(alert),
    headers: {
      "dead-letter-reason": reason,
      "dead-letter-topic": topic,
      "dead-letter-channel": channel,
      "dead-letter-attempts": String(attempt),
    },
  };
}
