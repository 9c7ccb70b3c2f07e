/** What one client may ask for and hold. */
export interface Limits {
  /** Bytes of one message from a client; longer ones are answered with an error. */
  readonly messageBytes: number;
  /** Products one client may be subscribed to. */
  readonly products: number;
  /** Symbols one client may be subscribed to. */
  readonly symbols: number;
  /** Unfit messages in a row before the connection is closed (1008). */
  readonly strikes: number;
  /** Replays one client may have waiting, of each channel. */
  readonly replays: number;
  /** Bytes that may wait to be sent to one client before it is closed as a slow consumer (1013). */
  readonly bufferedBytes: number;
  /** Bytes waiting from which on a client that asked for conflation is held back. Below `bufferedBytes`. */
  readonly conflateBytes: number;
  /** Clients of one replica. */
  readonly clients: number;
}

export const LIMITS: Limits = {
  messageBytes: 8 * 1024,
  products: 100,
  symbols: 100,
  strikes: 5,
  replays: 8,
  bufferedBytes: 1024 * 1024,
  conflateBytes: 64 * 1024,
  clients: 20_000,
};

/** RFC 6455 and IANA close codes in use here. */
export const CLOSE = { goingAway: 1001, policyViolation: 1008, tryAgainLater: 1013 } as const;
