/** Somebody's alerts, and what reached them and their machine: a repeated one says by its id that it is the first again. */
import type { Receiver } from "../../services/notification/receiver.ts";
import type { SmtpSink } from "../../services/notification/smtp-sink.ts";
import type { Crossing, Rule } from "./crossings.ts";
import type { Database } from "./database.ts";

/** Deliveries of one person's alerts: those that ended, and those that are still to be made. */
export async function deliveriesOf(database: Database, email: string) {
  const [row] = await database.rows<{ ended: number; open: number }>(
    `select count(*) filter (where d.status in ('sent', 'suppressed', 'failed'))::int as ended,
       count(*) filter (where d.status in ('waiting', 'sending'))::int as open
     from deliveries d join users u on u.id = d.user_id where u.email = $1`,
    [email],
  );
  return row ?? { ended: 0, open: 0 };
}

export async function alertsOf(database: Database, email: string): Promise<readonly Crossing[]> {
  const rows = await database.rows<{ alert: string; rule: string; value: string; time: Date }>(
    `select a.id as alert, a.rule_id as rule, a.value::text as value, a.time as time
     from alerts a join users u on u.id = a.user_id where u.email = $1`,
    [email],
  );
  return rows.map((row) => ({ ...row, time: row.time.toISOString() }));
}

/** Other blocks are none of these rules' business. */
export async function switchRulesOff(database: Database, email: string): Promise<void> {
  await database.rows(
    "update alert_rules set enabled = false where user_id = (select id from users where email = $1)",
    [email],
  );
}

export interface Received {
  /** The alerts that it was about; one twice, where two of one id differ. */
  readonly distinct: readonly string[];
  /** How many came again as they were. */
  readonly repeated: number;
}

/** Mails to that address, by their Message-ID. */
export function mailIds({ mails }: SmtpSink, email: string): Received {
  return received(
    mails
      .filter(({ to }) => to.includes(email))
      .map(({ text }) => ({
        id: /^Message-ID: <([0-9a-f-]{36})\.email@/im.exec(text)?.[1] ?? "a mail without an id",
        content: text.replace(/^[^]*?\n\n/, ""),
      })),
  );
}

/** Webhooks of these rules' alerts, by their own id. */
export function hookIds({ requests }: Receiver, rules: readonly Rule[]): Received {
  const known = new Set(rules.map(({ id }) => id));
  const ours = requests.filter(({ body }) => known.has(/"rule":"([0-9a-f-]{36})"/.exec(body)?.[1] ?? ""));
  return received(ours.map(({ headers, body }) => ({ id: String(headers["webhook-id"]), content: body })));
}

function received(all: readonly { readonly id: string; readonly content: string }[]): Received {
  const distinct = [...new Map(all.map(({ id, content }) => [`${id} ${content}`, id])).values()];
  return { distinct, repeated: all.length - distinct.length };
}
