/** A server that the environment names: asked once, so that a wrong address is told before anything else is started. */
import { PrerequisiteError, codeOf, messageOf } from "../errors.ts";
import { withClient } from "./postgres.ts";
import { ping } from "./redis.ts";

/** `url` as it stands in DATABASE_URL. @throws PrerequisiteError, which shows no password */
export async function askPostgres(url: string): Promise<void> {
  await withClient(url, (client) => client.query("SELECT 1")).catch((error: unknown) => {
    throw unreachable("DATABASE_URL", url, error);
  });
}

/** `url` as it stands in REDIS_URL. @throws PrerequisiteError, which shows no password */
export async function askRedis(url: string): Promise<void> {
  try {
    const { protocol, hostname, port } = new URL(url);
    // rediss:// needs a handshake first; the services will tell
    if (protocol !== "rediss:") await ping(hostname, Number(port || 6379));
  } catch (error) {
    throw unreachable("REDIS_URL", url, error);
  }
}

function unreachable(name: string, url: string, error: unknown): PrerequisiteError {
  const where = URL.canParse(url) ? `at ${new URL(url).host} nobody answers` : "it is no URL";
  return new PrerequisiteError({
    what: name,
    why: `${where} (${codeOf(error) || messageOf(error)})`,
    remedy: `Start that server, correct ${name}, or unset it to use an embedded one.`,
  });
}
