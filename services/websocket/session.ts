import type { WebSocket } from "ws";

import type { Logger } from "../shared/logging.ts";
import type { Verifier } from "../shared/tokens.ts";
import type { Audience } from "./audience.ts";
import type { Channel } from "./channel.ts";
import type { Streams } from "./channels.ts";
import * as frames from "./frames.ts";
import { CLOSE, type Limits } from "./limits.ts";
import { Outlet } from "./outlet.ts";
import { isStrike, readRequest, type Refusal, type Request, type Subscribe, type Unsubscribe } from "./requests.ts";
import { SignIn } from "./sign-in.ts";
import { Subscription } from "./subscription.ts";

export interface SessionOptions {
  readonly socket: WebSocket;
  readonly streams: Streams;
  readonly audiences: Readonly<Record<Channel, Audience>>;
  readonly verifier: Verifier;
  readonly limits: Limits;
  readonly log: Logger;
}

interface Message {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** One client: takes its messages one after the other, answers each, and keeps what it subscribed to. */
export class Session {
  /** Set by a pong, cleared by each ping. */
  alive = true;
  readonly #subscriptions = new Map<Channel, Subscription>();
  readonly #options: SessionOptions;
  readonly #outlet: Outlet;
  readonly #signIn: SignIn;
  /** What came while a token is being checked: the next message may need its outcome. */
  readonly #waiting: Message[] = [];
  #checking = false;
  #strikes = 0;

  constructor(options: SessionOptions) {
    const { socket, limits, verifier, log } = options;
    this.#options = options;
    this.#outlet = new Outlet({ socket, limits, onClosing: () => this.end() });
    this.#signIn = new SignIn({
      verifier,
      log,
      onExpired: (refusal) => {
        this.#subscriptions.get("alerts")?.end();
        this.#outlet.send(frames.error(refusal));
      },
    });
    socket.on("message", (data, isBinary) => {
      const message = { data: data as Buffer, isBinary };
      if (this.#checking) this.#waiting.push(message);
      else this.#receive(message);
    });
    socket.on("pong", () => (this.alive = true));
  }

  /** Closes after what has been sent; cuts the connection when the peer doesn't answer in time. */
  close(code: number, reason: string): void {
    this.#outlet.close(code, reason);
  }

  /** Forgets all subscriptions, and the user. */
  end(): void {
    this.#signIn.end();
    for (const subscription of this.#subscriptions.values()) subscription.end();
  }

  #receive({ data, isBinary }: Message): void {
    const { limits } = this.#options;
    if (!this.#outlet.open) return;
    if (data.length > limits.messageBytes) {
      this.#answer({ code: "message-too-large", detail: `At most ${limits.messageBytes} bytes.` });
      return;
    }
    if (isBinary) {
      this.#answer({ code: "invalid-json", detail: "Messages are JSON in text frames." });
      return;
    }
    const read = readRequest(data.toString("utf8"));
    if (!read.ok) this.#answer(read);
    else if (read.request.type === "auth") void this.#authenticate(read.request.token);
    else this.#answer(this.#carryOut(read.request));
  }

  #carryOut(request: Exclude<Request, { type: "auth" }>): Refusal | undefined {
    const { channel = "prices" } = request;
    const keys = this.#keysOf(request);
    if (request.type === "unsubscribe") {
      this.#subscription(channel).unsubscribe(keys ?? []);
      return undefined;
    }
    if (!keys) return { code: "unauthenticated", detail: "Alerts are for who is signed in; send auth first." };
    const conflate = "conflate" in request ? request.conflate : undefined;
    return this.#subscription(channel).subscribe({ keys, from: request.from, conflate });
  }

  /** @returns undefined where there would be a user, and is none */
  #keysOf(request: Subscribe | Unsubscribe): readonly string[] | undefined {
    if ("products" in request) return request.products;
    if ("symbols" in request) return request.symbols;
    const { user } = this.#signIn;
    return user === undefined ? undefined : [user];
  }

  #subscription(channel: Channel): Subscription {
    const known = this.#subscriptions.get(channel);
    if (known) return known;
    const { streams, audiences, limits } = this.#options;
    const stream = streams[channel];
    const subscription = new Subscription({ stream, audience: audiences[channel], outlet: this.#outlet, limits });
    this.#subscriptions.set(channel, subscription);
    return subscription;
  }

  /** Reads nothing from the client meanwhile, so that what waits here is at most what had arrived already. */
  async #authenticate(token: string): Promise<void> {
    const { socket } = this.#options;
    this.#checking = true;
    socket.pause();
    const outcome = await this.#signIn.present(token);
    this.#checking = false;
    if ("code" in outcome) this.#answer(outcome);
    else {
      this.#outlet.send(frames.authenticated(outcome.expires));
      this.#answer(undefined);
    }
    this.#goOn();
  }

  /** Takes what waited, up to the next token. */
  #goOn(): void {
    while (!this.#checking) {
      const next = this.#waiting.shift();
      if (!next) {
        this.#options.socket.resume();
        return;
      }
      this.#receive(next);
    }
  }

  /** Notes that a message was fit, or says why it wasn't. */
  #answer(refusal: Refusal | undefined): void {
    if (!refusal) {
      this.#strikes = 0;
      return;
    }
    this.#outlet.send(frames.error(refusal));
    if (!isStrike(refusal)) return;
    this.#strikes += 1;
    if (this.#strikes >= this.#options.limits.strikes) this.close(CLOSE.policyViolation, "too many unfit messages");
  }
}
