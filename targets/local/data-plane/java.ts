/** Finds a Java that can run Kafka. */
import { join } from "node:path";
import { PrerequisiteError } from "../errors.ts";
import { runTool } from "../processes/child.ts";
import { inherited } from "./libraries.ts";
import type { DataPlaneOptions } from "./types.ts";

export interface Java {
  readonly command: string;
  /** All that `java -version` prints: another build can't use this one's class archive. */
  readonly version: string;
}

/** @source Kafka 4 documentation, "Compatibility": brokers need Java 17 */
const LEAST = 17;
const REMEDY = `Install a Java runtime, version ${LEAST} or newer, or set KAFKA_BROKERS to a cluster of your own.`;

/** @throws PrerequisiteError when there is none or it is too old */
export async function findJava(env: DataPlaneOptions["env"], signal?: AbortSignal): Promise<Java> {
  const home = env["JAVA_HOME"];
  const command = home ? join(home, "bin", "java") : "java";
  const run = await runTool({ command, args: ["-version"], env: inherited(env) }, signal).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    const where = home ? "JAVA_HOME names a folder without a bin/java" : "`java` is not on the PATH";
    throw new PrerequisiteError({ what: "Java", why: `Kafka needs it, and ${where}`, remedy: REMEDY });
  });
  const version = run.lines.join("\n");
  const major = Number(/version "(?:1\.)?(\d+)/.exec(version)?.[1] ?? Number.NaN);
  if (run.code !== 0 || !(major >= LEAST)) {
    const found = Number.isNaN(major) ? "it does not say its version" : `this is Java ${major}`;
    throw new PrerequisiteError({ what: "Java", why: `Kafka needs ${LEAST} or newer, and ${found}`, remedy: REMEDY });
  }
  return { command, version };
}
