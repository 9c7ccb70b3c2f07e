/**
 * What is fetched or prepared once for this machine: outside the work tree, so that clones share it. Each entry is a
 * folder that appears whole or not at all, so two processes may start at once and one may be killed at any time.
 */
import { access, mkdir, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { codeOf } from "../errors.ts";
import { temporaryFolder } from "../processes/temporary.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/cryptotracker-platform`, by default in `~/.cache`. */
export function cacheFolder(env: Env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "cryptotracker-platform");
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Returns `path` once it is there: as it was, or filled by `fill` in a temporary folder beside it and moved into place.
 * Who loses a race between two processes throws its own copy away. What `fill` throws comes through; nothing is left then.
 */
export async function cached(path: string, fill: (temporary: string) => Promise<void>): Promise<string> {
  if (await exists(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const temporary = await temporaryFolder(".new", dirname(path));
  try {
    await fill(temporary.path);
    await rename(temporary.path, path).catch((error: unknown) => {
      if (!["EEXIST", "ENOTEMPTY"].includes(codeOf(error))) throw error;
    });
  } finally {
    await temporary.remove();
  }
  return path;
}
