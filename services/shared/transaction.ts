import type { Pool, PoolClient } from "./postgres.ts";

/**
 * Does all of the work or nothing of it. A connection on which even the rollback fails is not used again.
 * @throws what the work threw
 */
export async function inTransaction<T>(
  pool: Pick<Pool, "connect">,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A connection in use has no listener of the pool's: one that is cut between two statements would end the process.
  // The next statement on it fails, and says so.
  client.on("error", ignore);
  let usable = false;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    usable = true;
    return result;
  } catch (error) {
    usable = await client.query("rollback").then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.off("error", ignore);
    client.release(!usable);
  }
}

const ignore = (): void => undefined;
