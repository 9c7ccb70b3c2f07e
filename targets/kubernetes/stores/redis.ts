/** Valkey, which speaks Redis: one server, its append-only file on its disk. */
import type { Model, Store } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { clientsOf } from "./clients.ts";
import { credentialsName, PASSWORD_KEY } from "./names.ts";
import { SETTINGS_PATH, type StoreServer } from "./server-pod.ts";
import { storeSize } from "./sizes.ts";

const RUN_PATH = "/run/valkey";
const DATA_PATH = "/data";

/** The password's hash is all that the server is told; it may do everything but administer the server. */
const START = [
  "set -eu",
  "umask 077",
  'hash=$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -d " " -f 1)',
  `printf 'user default on ~* &* +@all -@admin #%s\\n' "$hash" > ${RUN_PATH}/users.acl`,
  `exec valkey-server ${SETTINGS_PATH}/valkey.conf`,
  "",
].join("\n");

export function redis({ name, port }: Store, model: Model, settings: Settings): StoreServer {
  const { memory } = storeSize("redis", settings);
  const asked = { exec: { command: ["sh", "-c", `valkey-cli -p ${port} ping | grep -q PONG`] } };
  return {
    name,
    kind: "redis",
    port,
    clients: clientsOf(name, model),
    files: { "start.sh": START, "valkey.conf": configuration(port, memory) },
    dataPath: DATA_PATH,
    scratch: { [RUN_PATH]: 1 },
    container: {
      command: ["sh", `${SETTINGS_PATH}/start.sh`],
      env: [
        // By this name the client takes it, so the probes have it on no command line.
        {
          name: "REDISCLI_AUTH",
          valueFrom: { secretKeyRef: { name: credentialsName(name), key: PASSWORD_KEY } },
        },
      ],
      readinessProbe: asked,
    },
    stopTimeout: 60,
  };
}

/** Three quarters for data: rewriting the file takes the rest. A cache forgets what was asked for least recently. */
function configuration(port: number, memory: number): string {
  const lines = {
    port: String(port),
    dir: DATA_PATH,
    aclfile: `${RUN_PATH}/users.acl`,
    appendonly: "yes",
    appendfsync: "everysec",
    save: '""',
    maxmemory: `${(memory * 3) / 4}mb`,
    "maxmemory-policy": "allkeys-lru",
    "tcp-keepalive": "60",
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("");
}
