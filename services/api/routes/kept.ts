/** What lists and creations of what users keep have in common. */
import { Problem } from "../../shared/problem.ts";
import { type Answer, json } from "../http/route.ts";
import type { Creation } from "../stores/kept.ts";

/** Personal, so no shared cache may hold it; a browser may, and asks each time whether it has changed. */
export const PERSONAL = "private, no-cache";

export const KEYED =
  "Repeating the Idempotency-Key with the same body gives the first answer again, with `Idempotency-Replayed: true`; " +
  "with another body it is refused. The key lives as long as what it made.";

/** 201 with where it is. @throws Problem 422 when its key stands for another request */
export function created<T extends { readonly id: string }>(path: string, creation: Creation<T>): Answer {
  if (creation.outcome === "conflict") {
    throw new Problem("idempotency-key-reused", "This Idempotency-Key was used with another body. Send a new key.");
  }
  const headers = { location: `/api/v1${path}/${creation.made.id}` };
  return json(
    creation.made,
    201,
    creation.outcome === "repeated" ? { ...headers, "idempotency-replayed": "true" } : headers,
  );
}

/** @throws Problem 404; also for what is another user's, which is nobody else's business */
export function existing<T>(found: T | undefined, what: string): T {
  if (found !== undefined) return found;
  throw new Problem("not-found", `No such ${what}.`);
}

/** @throws Problem 404 */
export function removed(wasThere: boolean, what: string): void {
  existing(wasThere || undefined, what);
}
