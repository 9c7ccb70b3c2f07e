import type { Logger } from "../shared/logging.ts";
import type { Identity, Refusal as TokenRefusal, Verifier } from "../shared/tokens.ts";
import type { Refusal } from "./requests.ts";

export interface SignInOptions {
  readonly verifier: Verifier;
  readonly log: Logger;
  /** The token ran out, and no newer one has come. */
  readonly onExpired: (refusal: Refusal) => void;
}

const REFUSALS: Readonly<Record<TokenRefusal["refused"], Refusal>> = {
  expired: { code: "token-expired", detail: "The access token has expired; get a new one." },
  invalid: { code: "token-invalid", detail: "The access token is not valid." },
  unavailable: { code: "auth-unavailable", detail: "The token can't be checked at the moment; send it again." },
};

/** Whom a connection speaks for, and only as long as the newest token it showed lives. */
export class SignIn {
  readonly #options: SignInOptions;
  #identity: Identity | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** The user, or undefined when nobody is signed in; also when a timer is late. */
  get user(): string | undefined {
    return this.#identity && this.#identity.expires.getTime() > Date.now() ? this.#identity.user : undefined;
  }

  /** Signs in, or prolongs it. A token that is refused changes nothing. */
  async present(token: string): Promise<Identity | Refusal> {
    const found = await this.#verify(token);
    if ("refused" in found) return REFUSALS[found.refused];
    const { user } = this;
    if (user !== undefined && user !== found.user) {
      return { code: "other-user", detail: "This connection is another user's; open one for each." };
    }
    // Tokens may arrive out of order; what one has given, an older one doesn't take away.
    if (user !== undefined && this.#identity && this.#identity.expires > found.expires) return this.#identity;
    if (!this.#ended) this.#keep(found);
    return found;
  }

  /** Forgets the user; nothing is told. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#identity = undefined;
  }

  async #verify(token: string): Promise<Identity | TokenRefusal> {
    const { verifier, log } = this.#options;
    try {
      return await verifier.verify(token);
    } catch (error) {
      log.error({ err: error }, "a token could not be checked");
      return { refused: "unavailable" };
    }
  }

  #keep(identity: Identity): void {
    // The timer of one that ran out may be late; its subscription must not become the next user's.
    if (this.#identity && this.#identity.user !== identity.user) this.#expire();
    clearTimeout(this.#timer);
    this.#identity = identity;
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, identity.expires.getTime() - Date.now()));
  }

  #expire(): void {
    clearTimeout(this.#timer);
    this.#identity = undefined;
    this.#options.onExpired(REFUSALS.expired);
  }
}
