/** The web app's built files: found without leaving their folder, with the headers that each kind wants. */
import { readFile, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name changes with its content, so it may be kept for good. */
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".woff2": "font/woff2",
};

/** `app-4f9c2b1e.js`: what a bundler writes when the name holds the content's hash. */
const HASHED = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** `path` as it stands in the URL, without its query. null: there is no such file, or it is none of theirs. */
export async function fileAt(folder: string, path: string): Promise<StaticFile | null> {
  const root = resolve(folder);
  const decoded = decode(path);
  if (decoded === null || decoded.includes("\0")) return null;
  const file = resolve(join(root, decoded));
  if (!file.startsWith(root + sep)) return null;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return null;
  return {
    body: await readFile(file),
    type: TYPES[extname(file)] ?? "application/octet-stream",
    immutable: HASHED.test(file) && extname(file) !== ".html",
  };
}

/** A route of the app, `/coins/BTC`, and no file that is missing: its last part has no extension. */
export function isRoute(path: string): boolean {
  return !path.slice(path.lastIndexOf("/")).includes(".");
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
