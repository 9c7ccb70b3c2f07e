/**
 * Mocha's global fixture (`require` it in .mocharc.json): one data plane for the whole run, which integration tests find
 * in DATABASE_URL, REDIS_URL and KAFKA_BROKERS. What is set already is used as it is. Topics are the tests' own to create:
 * a name of their own each, so that they don't meet.
 *
 * CT_TESTS_WITHOUT_DATA_PLANE=1 starts nothing; tests that need a store skip themselves then.
 */
import { startDataPlane, type DataPlane } from "../../../targets/local/data-plane/index.ts";

let running: Promise<DataPlane> | null = null;

/** The run's data plane; started by the first who asks. @throws PrerequisiteError */
export function dataPlane(): Promise<DataPlane> {
  return (running ??= startDataPlane({
    topics: [],
    env: process.env,
    report: (line) => process.stderr.write(`${line}\n`),
  }));
}

export async function mochaGlobalSetup(): Promise<void> {
  if (process.env["CT_TESTS_WITHOUT_DATA_PLANE"] === "1") return;
  const { databaseUrl, redisUrl, kafkaBrokers } = await dataPlane();
  Object.assign(process.env, { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, KAFKA_BROKERS: kafkaBrokers });
}

export async function mochaGlobalTeardown(): Promise<void> {
  await (await running)?.stop();
}
