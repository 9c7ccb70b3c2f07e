/**
 * Who is signed in. The access token lives in this closure and nowhere else; the refresh token in a cookie that no script
 * can read. What is kept in the browser is only that there is a session, so that others aren't asked for one.
 */
import type { Client } from "../http/client.ts";
import { problemOf, RefusedError } from "../http/problem.ts";
import { accepted, profile, session as sessionShape } from "../http/shapes.ts";
import { delay } from "../stream/backoff.ts";

export type SessionState =
  { readonly is: "unknown" } | { readonly is: "out" } | { readonly is: "in"; readonly email: string | undefined };

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface SessionOptions {
  readonly auth: Client;
  /** Reads who a token stands for. */
  readonly member: Client;
  /** Whether this browser has a session. */
  readonly hint: { read(): boolean; write(isThere: boolean): void };
  /** One tab at a time: a refresh token is good for one use, and a second one ends the session. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly told: (state: SessionState) => void;
  readonly onToken: (token: string | undefined) => void;
}

export interface Session {
  readonly state: SessionState;
  readonly token: string | undefined;
  start(): Promise<void>;
  renew(): Promise<boolean>;
  signIn(credentials: Credentials): Promise<void>;
  signUp(credentials: Credentials): Promise<void>;
  signOut(): Promise<void>;
  /** Another tab signed out. */
  forget(): void;
}

/** Before it runs out, so that no request meets an old one. */
const AHEAD_SECONDS = 60;

export function createSession({ auth, member, hint, alone, told, onToken }: SessionOptions): Session {
  let state: SessionState = { is: "unknown" };
  let token: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewing: Promise<boolean> | undefined;
  let failures = 0;

  function become(changed: SessionState): void {
    state = changed;
    told(state);
  }

  function keep({ accessToken, expiresIn }: { accessToken: string; expiresIn: number }): void {
    failures = 0;
    token = accessToken;
    hint.write(true);
    later(Math.max(5, expiresIn - AHEAD_SECONDS) * 1000);
    onToken(token);
  }

  function later(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void renew(), milliseconds);
  }

  function forget(): void {
    clearTimeout(timer);
    token = undefined;
    hint.write(false);
    onToken(undefined);
    become({ is: "out" });
  }

  async function refresh(): Promise<boolean> {
    try {
      keep(await alone(() => auth.read(sessionShape, "/refresh", { method: "POST", body: {} })));
    } catch (error) {
      if (problemOf(error).status === 401) forget();
      // The service is away, not the session: the cookie is still good.
      else later(delay((failures += 1), Math.random()));
      return false;
    }
    if (state.is !== "in" || state.email === undefined) await introduce();
    return true;
  }

  /** Signed in either way; the name is for the page's corner. */
  async function introduce(): Promise<void> {
    become({ is: "in", email: undefined });
    try {
      const { email } = await member.read(profile, "/me");
      if (token !== undefined) become({ is: "in", email });
    } catch {
      return;
    }
  }

  function renew(): Promise<boolean> {
    renewing ??= refresh().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function signIn({ email, password }: Credentials): Promise<void> {
    keep(
      await auth.read(sessionShape, "/sign-in", { method: "POST", body: { email, password, refreshToken: "cookie" } }),
    );
    become({ is: "in", email });
  }

  return {
    get state() {
      return state;
    },
    get token() {
      return token;
    },
    start: async () => {
      if (hint.read()) await renew();
      if (token === undefined && state.is === "unknown") become({ is: "out" });
    },
    renew,
    signIn,
    signUp: async ({ email, password }) => {
      await auth.read(accepted, "/sign-up", { method: "POST", body: { email, password } });
      try {
        await signIn({ email, password });
      } catch (error) {
        throw takenOr(error);
      }
    },
    signOut: async () => {
      await auth.send("/sign-out", { method: "POST", body: {} });
      forget();
    },
    forget,
  };
}

/** Signing up never tells whether an address was free; that its password is another one does. */
function takenOr(error: unknown): unknown {
  const problem = problemOf(error);
  if (problem.code !== "invalid-credentials") return error;
  return new RefusedError({
    ...problem,
    title: "You could not be signed in",
    detail: "If you have an account with this address already, sign in with its own password.",
  });
}
