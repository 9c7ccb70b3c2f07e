/**
 * PostgreSQL: two users take turns, so the one that processes still hold stays good until the rotation after the next.
 * Both act as one role that owns the tables and may do nothing outside its database; the owner is kept for this alone.
 *
 * `connect(url)` → a client that has been connected; `config`: {database, role, users: {name: secretId}, owner: secretId,
 * direct: "host:port"}.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { URL } from "node:url";
import { eventually } from "./steps.mjs";

const ITERATIONS = 4096;
/** A proxy reads a changed secret within seconds. */
const PROXY = { milliseconds: 60_000, pause: 3000 };

/** Letters and digits, fit for a URL as they are. */
export const password = () => randomBytes(24).toString("hex");

/** What Postgres stores, so that no password ever shows in a statement or its log. @source RFC 5803 */
export function verifier(text, salt = randomBytes(16)) {
  const salted = pbkdf2Sync(text, salt, ITERATIONS, 32, "sha256");
  const hmac = (name) => createHmac("sha256", salted).update(name).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${hmac("Server Key").toString("base64")}`;
}

/** Role and users, made where they are missing; passwords are set to those that the secrets hold. */
export async function prepare({ secrets, connect, config }) {
  const passwords = {};
  for (const [user, id] of Object.entries(config.users)) passwords[user] = (await current(secrets, id)).password;
  await asOwner({ secrets, connect, config }, async (client) => {
    const { database, role } = config;
    await createRole(client, role, "nologin");
    // Who made a role may give it away, but is not in it by that.
    await client.query(`grant ${name(role)} to current_user`);
    await client.query(`grant connect, temporary on database ${name(database)} to ${name(role)}`);
    await client.query(`grant usage, create on schema public to ${name(role)}`);
    for (const [user, text] of Object.entries(passwords)) await setLogin(client, user, text, role);
  });
}

/** Of the secret that holds the URL. */
export function alternating(context) {
  const { secrets, connect, config } = context;
  return {
    next({ url, ...rest }) {
      const next = new URL(url);
      const other = Object.keys(config.users).find((user) => user !== next.username);
      if (!other) throw new Error("There is no second user to change to.");
      next.username = other;
      next.password = password();
      return { ...rest, url: next.href };
    },
    async set({ url }) {
      const { username, password: text } = new URL(url);
      const id = config.users[username];
      if (!id) throw new Error(`${username} is none of the users that take turns.`);
      await asOwner(context, async (client) => {
        await setLogin(client, username, text, config.role);
        for (const user of Object.keys(config.users)) await handOver(client, user, config.role);
      });
      // The proxy in front of the database knows its users by these.
      await secrets.put(id, { username, password: text });
    },
    test: ({ url }) => eventually(() => using(connect, url, (client) => client.query("select 1")), PROXY),
  };
}

/** Of the owner, whom only this function uses: one user, changed in place. */
export function single({ connect, config }) {
  const url = (fields) => ownerUrl(fields, config);
  return {
    next: (fields) => ({ ...fields, password: password() }),
    async set(pending, now) {
      // A try before this one may have got this far.
      const already = await using(connect, url(pending), () => true).catch(() => false);
      if (already) return;
      await using(connect, url(now), (client) =>
        client.query(`alter role ${name(pending.username)} password '${verifier(pending.password)}'`),
      );
    },
    test: (pending) => using(connect, url(pending), (client) => client.query("select 1")),
  };
}

async function setLogin(client, user, text, role) {
  await createRole(client, user, "login");
  await client.query(`alter role ${name(user)} password '${verifier(text)}'`);
  await client.query(`grant ${name(role)} to ${name(user)}`);
  // Whichever of the two makes a table, it belongs to both.
  await client.query(`alter role ${name(user)} set role to ${name(role)}`);
}

/** What a session made after it had left the role (`set role none`, a pool's reset) belongs to both from here on. */
async function handOver(client, user, role) {
  await client.query(`grant ${name(user)} to current_user`);
  await client.query(`reassign owned by ${name(user)} to ${name(role)}`);
}

async function createRole(client, role, kind) {
  const { rows } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  if (rows.length === 0) await client.query(`create role ${name(role)} ${kind}`);
}

async function asOwner({ secrets, connect, config }, work) {
  return using(connect, ownerUrl(await current(secrets, config.owner), config), work);
}

function ownerUrl({ username, password: text }, { direct, database, parameters = "sslmode=require" }) {
  return `postgresql://${encodeURIComponent(username)}:${encodeURIComponent(text)}@${direct}/${database}?${parameters}`;
}

async function current(secrets, id) {
  const fields = await secrets.find(id, "AWSCURRENT");
  if (!fields) throw new Error("A secret that the rotation needs has no current value.");
  return fields;
}

async function using(connect, url, work) {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function name(identifier) {
  return `"${identifier.replaceAll('"', '""')}"`;
}
