/** The alerts that fired, newest first, each once: the list and the stream both bring them. */
import type { Alert } from "../http/shapes.ts";

export interface History {
  readonly items: readonly Alert[];
  /** Cursor of the page of older ones; null when there is none. */
  readonly next: string | null;
}

export const NO_HISTORY: History = { items: [], next: null };

export function withAlerts(history: History, found: readonly Alert[]): History {
  const byId = new Map([...history.items, ...found].map((alert) => [alert.id, alert]));
  const items = [...byId.values()].sort((a, b) => Date.parse(b.firedAt) - Date.parse(a.firedAt));
  return { ...history, items };
}

/** One alert in a sentence. */
export function sentence({ kind, subject, direction, threshold, value }: Alert): string {
  const unit = kind === "change" ? " %" : "";
  const what = { price: "is", change: "moved", sentiment: "sentiment is" }[kind];
  return `${subject} ${what} ${value}${unit}, ${direction} ${threshold}${unit}`;
}
