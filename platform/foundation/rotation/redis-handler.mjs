/** Entry of the cache's rotation function: ElastiCache's API, and a client of two commands for the cache itself. */
import { connect as connectTls } from "node:tls";
import { URL } from "node:url";
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ModifyReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import { secretsManager } from "./aws.mjs";
import { token } from "./redis.mjs";
import { rotate } from "./steps.mjs";

const PING_MILLISECONDS = 5000;

const elasticache = new ElastiCacheClient({});

function cacheOf(ReplicationGroupId) {
  return {
    async status() {
      const { ReplicationGroups = [] } = await elasticache.send(
        new DescribeReplicationGroupsCommand({ ReplicationGroupId }),
      );
      return ReplicationGroups[0]?.Status;
    },
    modify: (AuthToken, AuthTokenUpdateStrategy) =>
      elasticache.send(
        new ModifyReplicationGroupCommand({
          ReplicationGroupId,
          AuthToken,
          AuthTokenUpdateStrategy,
          ApplyImmediately: true,
        }),
      ),
  };
}

/** Resolves when the server takes the URL's password and answers. */
export function ping(url, connect = connectTls) {
  const { hostname: host, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), servername: host });
    const done = (finish, value) => {
      socket.destroy();
      finish(value);
    };
    let answer = "";
    socket.setTimeout(PING_MILLISECONDS, () => done(reject, new Error("The cache did not answer in time.")));
    socket.on("error", (error) => done(reject, error));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("+PONG\r\n")) done(resolve);
      else if (answer.startsWith("-")) done(reject, new Error("The cache does not take the token."));
    });
    socket.write(`AUTH ${decodeURIComponent(password)}\r\nPING\r\n`);
  });
}

export async function handler(event) {
  const config = JSON.parse(process.env.ROTATION ?? "{}");
  const secrets = secretsManager();
  return rotate(event, { secrets, kind: token({ secrets, ping, config, cache: cacheOf(config.cache) }) });
}
