/** Postgres refuses to run as root. Where we are root, it runs as somebody who owns nothing. */
import { runTool } from "../processes/child.ts";

export interface PostgresUser {
  /** Goes before the program. */
  readonly prefix: readonly string[];
  /** The user to become, where that is how. */
  readonly uid?: number;
}

/** `nobody`, by its number on every Linux. */
const NOBODY = 65534;
const UNSHARE = ["unshare", "-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * Best a user namespace: inside it root looks like nobody, outside it still owns its files, so that private folders stay
 * readable. Where the kernel allows none, a change of user; then the binaries may have to be copied.
 */
export async function unprivileged(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const [command = "", ...args] = UNSHARE;
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
  const works = await runTool({ command, args: [...args, "true"], env }).then(
    ({ code }) => code === 0,
    () => false,
  );
  return works ? { prefix: UNSHARE } : { prefix: [], uid: NOBODY };
}
