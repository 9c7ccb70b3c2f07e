/** PostgreSQL with TimescaleDB: one server with its disk. Who comes over the network is the owner, by password. */
import type { Model, Store } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { clientsOf } from "./clients.ts";
import { credentialsName, OWNER, PASSWORD_KEY } from "./names.ts";
import { SETTINGS_PATH, type StoreServer } from "./server-pod.ts";
import { storeSize } from "./sizes.ts";

const DATA_PATH = "/var/lib/postgresql/data";

/** The socket is inside the pod; the superuser has no other way in. */
const HOST_RULES = ["local all all trust", `host all ${OWNER} all scram-sha-256`, ""].join("\n");

/** Once, when the disk is empty. psql takes the password from its environment, so it is on no command line. */
const FIRST_START = [
  "\\getenv password POSTGRES_PASSWORD",
  `CREATE ROLE ${OWNER} LOGIN PASSWORD :'password';`,
  `ALTER DATABASE ${OWNER} OWNER TO ${OWNER};`,
  "",
].join("\n");

/**
 * At every later start: the configured password is the role's. A server for one command is the only one that runs then,
 * so nobody comes in with an old password.
 */
const EVERY_START = [
  "set -eu",
  '[ -s "$PGDATA/PG_VERSION" ] || exit 0',
  `quoted=$(printf %s "$POSTGRES_PASSWORD" | sed "s/'/''/g")`,
  `printf "ALTER ROLE ${OWNER} PASSWORD '%s';\\n" "$quoted" |`,
  '  postgres --single -c shared_preload_libraries= -c log_min_error_statement=panic -D "$PGDATA" postgres > /dev/null',
  "",
].join("\n");

export function postgres({ name, port }: Store, model: Model, settings: Settings): StoreServer {
  const { memory } = storeSize("postgres", settings);
  const asked = { exec: { command: ["pg_isready", "-q", "-h", "127.0.0.1", "-p", String(port), "-U", OWNER] } };
  const environment = [
    { name: "PGDATA", value: `${DATA_PATH}/pgdata` },
    {
      name: "POSTGRES_PASSWORD",
      valueFrom: { secretKeyRef: { name: credentialsName(name), key: PASSWORD_KEY } },
    },
  ];
  return {
    name,
    kind: "postgres",
    port,
    clients: clientsOf(name, model),
    files: { "pg_hba.conf": HOST_RULES, "role.sql": FIRST_START },
    placed: { "/docker-entrypoint-initdb.d/zz-role.sql": "role.sql" },
    dataPath: DATA_PATH,
    // Parallel queries share memory; the socket is a file.
    scratch: { "/dev/shm": memory / 8, "/var/run/postgresql": 1 },
    before: { name: "password", command: ["sh", "-c"], args: [EVERY_START], env: environment },
    container: {
      args: ["postgres", ...flags(port, memory, settings)],
      env: [
        ...environment,
        { name: "POSTGRES_DB", value: OWNER },
        // The image would write its guess at the machine's memory into the disk's own settings.
        { name: "NO_TS_TUNE", value: "true" },
      ],
      // Over the network: the server of a first start is on the socket alone.
      livenessProbe: asked,
      readinessProbe: asked,
    },
    // The image stops it fast: sessions end, what is committed is written.
    stopTimeout: 120,
  };
}

/** @source PostgreSQL 17 documentation, "Resource Consumption": a quarter of the memory is a reasonable start */
function flags(port: number, memory: number, { profile }: Settings): readonly string[] {
  const values = {
    hba_file: `${SETTINGS_PATH}/pg_hba.conf`,
    listen_addresses: "*",
    password_encryption: "scram-sha-256",
    port: String(port),
    max_connections: profile === "prod" ? "500" : "200",
    shared_buffers: `${memory / 4}MB`,
    effective_cache_size: `${memory / 2}MB`,
    log_min_duration_statement: "500",
    timezone: "UTC",
  };
  return Object.entries(values).flatMap(([setting, value]) => ["-c", `${setting}=${value}`]);
}
