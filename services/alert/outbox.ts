import type { Message } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Pool, PoolClient } from "../shared/postgres.ts";
import { type Backoff, backoffDelay, pause } from "../shared/retry.ts";
import { inTransaction } from "../shared/transaction.ts";
import { type AlertMessage, alertMessage, writeAlert } from "../shared/topics/alerts.ts";

export interface OutboxOptions {
  readonly pool: Pick<Pool, "connect">;
  readonly send: (messages: Message[]) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds between two looks for what another replica left; our own is published at once. */
  readonly every?: number;
}

export interface Outbox {
  /** Something was stored. */
  wake(): void;
  /** Publishes what is left, and ends. */
  stop(): Promise<void>;
}

const EVERY_MS = 1_000;
const BACKOFF: Backoff = { first: 200, most: 5_000 };
const BATCH = 200;

const TAKE = `
  select id, user_id, rule_id, kind, subject, direction, threshold::text, value::text, time, fired_at from alerts
  where published_at is null order by fired_at, id limit ${BATCH} for update skip locked`;
const MARK = `update alerts set published_at = now() where id = any($1)`;

/** Runs until it is stopped. A failure is tried again for ever: the rows are not marked before the topic has them. */
export function runOutbox({ pool, send, log, every = EVERY_MS }: OutboxOptions): Outbox {
  const stopping = new AbortController();
  let waiting = new AbortController();
  let failures = 0;

  const turn = async (): Promise<void> => {
    try {
      while ((await publishSome(pool, send, log)) === BATCH);
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, failures }, "alerts could not be published; trying again");
    }
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      // Made before the look: what is stored while it looks ends the wait after it.
      waiting = new AbortController();
      await turn();
      const wait = failures > 0 ? backoffDelay(failures - 1, BACKOFF) : every;
      await pause(wait, AbortSignal.any([stopping.signal, waiting.signal]));
    }
    await turn();
  })();

  return {
    wake: () => {
      if (failures === 0) waiting.abort();
    },
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/**
 * Publishes a batch of alerts that no other replica has in hand. A crash between topic and mark publishes them again
 * under the same ids.
 *
 * @returns how many it had in hand
 */
export async function publishSome(
  pool: Pick<Pool, "connect">,
  send: (messages: Message[]) => Promise<void>,
  log: Logger,
): Promise<number> {
  return inTransaction(pool, async (client) => {
    const alerts = await take(client);
    const messages = alerts.flatMap((alert) => toMessage(alert, log));
    if (messages.length > 0) await send(messages);
    if (alerts.length > 0) await client.query(MARK, [alerts.map(({ id }) => id)]);
    return alerts.length;
  });
}

interface AlertRow {
  id: string;
  user_id: string;
  rule_id: string;
  kind: AlertMessage["kind"];
  subject: string;
  direction: AlertMessage["direction"];
  threshold: string;
  value: string;
  time: Date;
  fired_at: Date;
}

async function take(client: PoolClient): Promise<AlertMessage[]> {
  const { rows } = await client.query<AlertRow>(TAKE);
  return rows.map((row) => ({
    v: 1,
    id: row.id,
    user: row.user_id,
    rule: row.rule_id,
    kind: row.kind,
    subject: row.subject,
    direction: row.direction,
    threshold: row.threshold,
    value: row.value,
    time: row.time.toISOString(),
    firedAt: row.fired_at.toISOString(),
  }));
}

/** One that its readers would put aside must not keep the others back. It stays in its table. */
function toMessage(alert: AlertMessage, log: Logger): Message[] {
  if (alertMessage.safeParse(alert).success) return [{ key: alert.user, value: writeAlert(alert) }];
  log.error({ alert: alert.id }, "an alert does not fit its topic and is not published");
  return [];
}
