/** Entry of the database's rotation function. `pg` travels with it; everything else is the Lambda runtime's. */
import pg from "pg";
import { secretsManager } from "./aws.mjs";
import { alternating, prepare, single } from "./postgres.mjs";
import { eventually, rotate } from "./steps.mjs";

const CONNECT_MILLISECONDS = 10_000;
/** A database of our own hosting starts while this function already waits for it. */
const STARTING = { milliseconds: 12 * 60_000, pause: 10_000 };

async function connect(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_MILLISECONDS });
  await client.connect();
  return client;
}

export async function handler(event) {
  const context = { secrets: secretsManager(), connect, config: JSON.parse(process.env.ROTATION ?? "{}") };
  if (event.prepare) return eventually(() => prepare(context), STARTING);
  const kind = event.SecretId === context.config.owner ? single(context) : alternating(context);
  return rotate(event, { secrets: context.secrets, kind });
}
