/** The environment of a process with stores of its own: those of the test run hold other tests' data. */
export function withoutStores(): NodeJS.ProcessEnv {
  const stores = ["DATABASE_URL", "REDIS_URL", "KAFKA_BROKERS"];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !stores.includes(name)));
}
