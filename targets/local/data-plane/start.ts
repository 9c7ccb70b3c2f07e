/** Brings up the stores that are wanted, at once, and answers for them until they are stopped. */
import { temporaryFolder } from "../processes/temporary.ts";
import { databasesOf } from "./databases.ts";
import { askPostgres, askRedis } from "./external.ts";
import { prepareKafka } from "./kafka.ts";
import { preparePostgres } from "./postgres.ts";
import { prepareRedis } from "./redis.ts";
import { revive } from "./revive.ts";
import { startServer, type Server, type ServerKind } from "./server.ts";
import { createTopics } from "./topics.ts";
import type { Component, DataPlane, DataPlaneDeath, DataPlaneOptions } from "./types.ts";

/**
 * Resolves when everything wanted answers, with all topics created.
 * @throws PrerequisiteError when a store can't be had: which, why, what to do. AbortError when the signal fires. Nothing
 *   is left running then.
 */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const { env, signal } = options;
  const folder = await temporaryFolder("cryptotracker-local");
  const servers = new Map<Component, Server>();
  const death = Promise.withResolvers<DataPlaneDeath>();
  const revivals = new Set<Promise<void>>();
  let stopped: Promise<void> | null = null;

  const embed = async (title: string, prepare: Prepare): Promise<string> => {
    const since = performance.now();
    const kind = await prepare(folder.path, options);
    const isOver = (): boolean => stopped !== null;
    const onDeath = (dead: DataPlaneDeath): void => {
      if (isOver()) return;
      if (!options.revive) {
        death.resolve(dead);
        return;
      }
      const work = comeBack(dead).finally(() => revivals.delete(work));
      revivals.add(work);
    };
    const comeBack = async (dead: DataPlaneDeath): Promise<void> => {
      const died = performance.now();
      options.report(`${title}: it ended (${dead.exit}); it is started again`);
      if (await revive(server, isOver)) options.report(`${title}: back after ${seconds(died)}`);
      else if (!isOver()) death.resolve(dead);
    };
    const server = await startServer(kind, onDeath, signal);
    servers.set(kind.component, server);
    options.report(`${title}: ready after ${seconds(since)}`);
    return server.url;
  };
  const postgres = async (): Promise<string> => {
    if (options.postgres === false) return "";
    const url = env["DATABASE_URL"];
    if (!url) return embed("Postgres", preparePostgres);
    await askPostgres(url);
    return url;
  };
  const redis = async (): Promise<string> => {
    if (options.redis === false) return "";
    const url = env["REDIS_URL"];
    if (!url) return embed("Redis", prepareRedis);
    await askRedis(url);
    return url;
  };
  const kafka = async (): Promise<string> => {
    if (options.kafka === false) return "";
    const brokers = env["KAFKA_BROKERS"] || (await embed("Kafka", prepareKafka));
    const since = performance.now();
    await createTopics(brokers, options.topics, signal);
    options.report(`Kafka: ${options.topics.length} topics after ${seconds(since)}`);
    return brokers;
  };
  const stopServers = async (): Promise<void> => {
    await Promise.all(revivals); // each ends soon: it looks whether it is over
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await folder.remove();
  };

  // all three end before anything is cleaned up: one that fails must not leave another half started
  const outcomes = await Promise.allSettled([postgres(), redis(), kafka()]);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) {
    stopped = stopServers();
    await stopped;
    throw failed.reason;
  }
  const [databaseUrl = "", redisUrl = "", kafkaBrokers = ""] = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? outcome.value : "",
  );
  const databases = databasesOf(databaseUrl);
  const embedded = (component: Component): Server => {
    const server = servers.get(component);
    if (!server) throw new Error(`${component} is not embedded here, so it can't be killed or restarted`);
    return server;
  };
  return {
    databaseUrl,
    redisUrl,
    kafkaBrokers,
    died: death.promise,
    databaseDirect: (name) => databases.create(name),
    kill: (component) => embedded(component).kill(),
    restart: (component) => embedded(component).restart(),
    stop: () =>
      (stopped ??= (async () => {
        if (!servers.has("postgres")) await databases.dropAll();
        await stopServers();
      })()),
  };
}

type Prepare = (folder: string, options: DataPlaneOptions) => Promise<ServerKind>;

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
