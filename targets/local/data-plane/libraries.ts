/** Kafka's and Redis's files from Maven Central, by the one pom.xml of the project, copied once into the cache. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PrerequisiteError, codeOf } from "../errors.ts";
import { runTool } from "../processes/child.ts";
import { cached, cacheFolder, exists } from "./cache.ts";
import type { DataPlaneOptions } from "./types.ts";

const POM = join(import.meta.dirname, "../../../pom.xml");

/** `<cache>/<hash of pom.xml>`: another pom is another folder. */
export async function librariesRoot(env: DataPlaneOptions["env"]): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(POM))
    .digest("hex")
    .slice(0, 16);
  return join(cacheFolder(env), hash);
}

type Request = Pick<DataPlaneOptions, "env" | "report" | "signal">;

/** Redis and Kafka ask at the same moment; Maven is asked once. */
const underWay = new Map<string, Promise<string>>();

/**
 * Returns the folder with every jar of the pom.
 * @throws PrerequisiteError when they aren't cached and Maven is missing or can't get them
 */
export async function libraries(request: Request): Promise<string> {
  const folder = join(await librariesRoot(request.env), "lib");
  const running = underWay.get(folder) ?? copyLibraries(folder, request).finally(() => underWay.delete(folder));
  underWay.set(folder, running);
  return running;
}

async function copyLibraries(folder: string, { env, report, signal }: Request): Promise<string> {
  if (!(await exists(folder)))
    report("Kafka and Redis: copying their libraries with Maven into the cache, once (55 MB)");
  return cached(folder, async (temporary) => {
    const args = ["-q", "-B", "-f", POM, "dependency:copy-dependencies", `-DoutputDirectory=${temporary}`];
    const run = await runTool({ command: "mvn", args, env: inherited(env) }, signal).catch((error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
      throw new PrerequisiteError({
        what: "Maven",
        why: "`mvn` is not on the PATH, and the libraries of Kafka and Redis are not in the cache yet",
        remedy: "Install Maven 3.8 or newer, or set KAFKA_BROKERS and REDIS_URL to servers of your own.",
      });
    });
    if (run.code !== 0 || (await readdir(temporary)).length === 0)
      throw new PrerequisiteError({
        what: "Maven",
        why: "it could not copy the libraries of Kafka and Redis",
        remedy: "Check that Maven reaches a repository, or set KAFKA_BROKERS and REDIS_URL to servers of your own.",
        lines: run.lines.slice(-5),
      });
    report("Kafka and Redis: libraries are in the cache");
  });
}

/** Tools get the caller's environment (proxies, JAVA_HOME), without the holes of its type. */
export function inherited(env: DataPlaneOptions["env"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
