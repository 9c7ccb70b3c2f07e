/** How an attempt to send ended. Reasons are in our words: a server's answer may name the person. */
export type Outcome =
  | { readonly kind: "sent" }
  /** It may work later. */
  | { readonly kind: "again"; readonly reason: string; readonly afterSeconds?: number }
  /** It will not. `gone`: nor will anything else that is sent there. */
  | { readonly kind: "never"; readonly reason: string; readonly gone?: true };

export const SENT: Outcome = { kind: "sent" };

/** The most seconds that we let a receiver put us off. */
const LONGEST_WAIT = 3_600;

/**
 * What an HTTP answer means. Redirects are not followed: 3xx is a failure like others.
 *
 * @param gone statuses by which a receiver says that it is no more
 */
export function outcomeOf(status: number, retryAfter: string | undefined, gone: readonly number[]): Outcome {
  if (status >= 200 && status < 300) return SENT;
  const reason = `answered ${status}`;
  if (gone.includes(status)) return { kind: "never", reason, gone: true };
  const seconds = Number(retryAfter ?? Number.NaN);
  if (!Number.isInteger(seconds) || seconds < 0) return { kind: "again", reason };
  return { kind: "again", reason, afterSeconds: Math.min(seconds, LONGEST_WAIT) };
}
