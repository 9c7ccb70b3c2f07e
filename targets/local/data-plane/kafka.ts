/** A real Kafka broker: one node that is its own controller (KRaft), from Maven Central's jars. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrerequisiteError } from "../errors.ts";
import { endChild, runTool, startChild, type Child } from "../processes/child.ts";
import { freePort, isOpen, LOCALHOST } from "../processes/ports.ts";
import { cached, exists } from "./cache.ts";
import { findJava, type Java } from "./java.ts";
import { kafkaProperties } from "./kafka-properties.ts";
import { libraries, librariesRoot } from "./libraries.ts";
import { startServer, type ServerKind } from "./server.ts";
import type { DataPlaneOptions } from "./types.ts";

type Request = Pick<DataPlaneOptions, "env" | "report" | "signal">;

/** A small heap and the quick compiler: it starts in a second and carries tens of thousands of messages a second. */
const JVM = [
  "-Xmx192m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
];
/** The archive's own warnings (classes too old to archive) tell nobody anything. */
const QUIET_ARCHIVE = ["-Xlog:cds=off", "-Xlog:cds+dynamic=off"];
/** Any 16 bytes in base64url. A single node that nobody else joins needs no other identity. */
const CLUSTER = "Y3J5cHRvdHJhY2tlcjAxMg";
const ARCHIVE = "classes.jsa";

/** @throws PrerequisiteError when Java or the libraries are missing */
export async function prepareKafka(folder: string, request: Request): Promise<ServerKind> {
  const java = await findJava(request.env, request.signal);
  const classpath = await classpathOf(await libraries(request));
  const prepared = await preparedOnce(java, classpath, request);
  const home = join(folder, "kafka");
  await mkdir(home);
  await cp(join(prepared, "formatted"), join(home, "data"), { recursive: true });
  const archive = (await exists(join(prepared, ARCHIVE))) ? [`-XX:SharedArchiveFile=${join(prepared, ARCHIVE)}`] : [];
  return broker(java, classpath, home, archive);
}

async function broker(java: Java, classpath: string, home: string, flags: readonly string[]): Promise<ServerKind> {
  const port = await freePort();
  const properties = join(home, "server.properties");
  await writeFile(properties, kafkaProperties({ data: join(home, "data"), port, controllerPort: await freePort() }));
  const args = [...JVM, ...QUIET_ARCHIVE, ...flags, "-cp", classpath, "kafka.Kafka", properties];
  return {
    component: "kafka",
    title: "Kafka",
    url: `${LOCALHOST}:${port}`,
    spawn: (): Promise<Child> => startChild({ command: java.command, args, cwd: home, env: { LC_ALL: "C" } }),
    ask: async () => {
      if (!(await isOpen(port))) throw new Error("its port is closed");
    },
    // its files go with it, so there is nothing to shut down in order
    stopSignal: "SIGKILL",
  };
}

/** Sorted, for a class archive is only valid for the very same path. */
async function classpathOf(folder: string): Promise<string> {
  const jars = (await readdir(folder)).filter((name) => name.endsWith(".jar") && !name.startsWith("embedded-redis-"));
  return jars
    .sort()
    .map((name) => join(folder, name))
    .join(":");
}

/**
 * What takes seconds and is the same every time: a formatted data folder, and an archive of the loaded classes (AppCDS),
 * which halves the start (1.4 s → 0.75 s on two cores) and saves 35 MB.
 */
async function preparedOnce(java: Java, classpath: string, request: Request): Promise<string> {
  const key = createHash("sha256").update([java.version, JVM, classpath].join("\n")).digest("hex").slice(0, 16);
  const folder = join(await librariesRoot(request.env), `kafka-${key}`);
  if (!(await exists(folder))) request.report("Kafka: preparing its data folder and class archive, once");
  return cached(folder, async (temporary) => {
    const data = join(temporary, "data");
    const properties = join(temporary, "server.properties");
    await writeFile(properties, kafkaProperties({ data, port: 1, controllerPort: 2 }));
    const format = ["-cp", classpath, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", properties];
    const run = await runTool({ command: java.command, args: format, env: { LC_ALL: "C" } }, request.signal);
    if (run.code !== 0)
      throw new PrerequisiteError({
        what: "Kafka",
        why: "it could not format its data folder",
        remedy: "See its last lines below, or set KAFKA_BROKERS to a cluster of your own.",
        lines: run.lines.slice(-8),
      });
    await cp(data, join(temporary, "formatted"), { recursive: true });
    await train(java, classpath, temporary, request);
  });
}

/** Runs the broker once and has Java write down, at its end, what it loaded. Without an archive everything works, slower. */
async function train(java: Java, classpath: string, home: string, { report, signal }: Request): Promise<void> {
  const kind = await broker(java, classpath, home, [`-XX:ArchiveClassesAtExit=${join(home, ARCHIVE)}`]);
  const children: Child[] = [];
  const spawn = async (): Promise<Child> => {
    const child = await kind.spawn();
    children.push(child);
    return child;
  };
  await startServer({ ...kind, spawn }, () => undefined, signal);
  for (const child of children) await endChild(child, "SIGTERM", ARCHIVE_MILLISECONDS);
  if (!(await exists(join(home, ARCHIVE)))) report("Kafka: this Java writes no class archive; it will start slower");
}

const ARCHIVE_MILLISECONDS = 60_000;
