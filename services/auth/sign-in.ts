import { Problem } from "../shared/problem.ts";
import type { Account, Accounts, Caller } from "./accounts.ts";
import type { Attempts } from "./attempts.ts";
import type { Email } from "./email.ts";
import type { Keys } from "./keys.ts";
import type { Hasher } from "./passwords.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface SignInParts {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly hasher: Hasher;
  readonly keys: Pick<Keys, "addressHash">;
}

/**
 * Opens a session for who knows the password.
 *
 * An address without an account goes the same way as one with another password: as many statements, one hash, the same
 * answer, and in the end the same block.
 *
 * @throws Problem `invalid-credentials`, or `too-many-requests` while the address is blocked, whatever the password
 */
export async function signIn(
  parts: SignInParts,
  { email, password }: { readonly email: Email; readonly password: string },
  caller: Caller,
): Promise<Session> {
  const { accounts, attempts, sessions, hasher, keys } = parts;
  const subject = keys.addressHash(email.key);
  const wait = await attempts.begin(subject);
  if (wait !== undefined) {
    await accounts.record("sign-in-blocked", undefined, caller);
    throw new Problem("too-many-requests", "Signing in failed too often for this address; try again later.", {
      headers: { "retry-after": String(wait) },
    });
  }
  const account = await accounts.find(email.key);
  const isRight = await hasher.verify(password, account?.passwordHash);
  if (!account || !isRight) {
    await accounts.record("sign-in-failed", account?.id, caller);
    throw new Problem("invalid-credentials", "No account has this address and password.", {
      headers: { "www-authenticate": 'Bearer realm="cryptotracker"' },
    });
  }
  await renewHash(parts, account, password);
  return await sessions.open(account.id, subject, caller);
}

/** Only who signs in brings the password along, so only then can its hash be made with today's parameters. */
async function renewHash({ accounts, hasher }: SignInParts, account: Account, password: string): Promise<void> {
  if (hasher.isOutdated(account.passwordHash)) await accounts.rehash(account, await hasher.hash(password));
}
