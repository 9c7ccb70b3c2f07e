/** The site, built as it is shipped, and a browser to see it with. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { ROOT } from "../../../support/stacks.ts";

/** Where distributions put it. One that Playwright brings itself would be downloaded. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const browserPath = (): string | undefined => BROWSERS.find((path) => existsSync(path));

export interface BuiltSite {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function buildSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), "cryptotracker-web-"));
  await buildInto(folder);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Where `npm run build:web` puts it and `npm start` takes it from. */
export async function buildSiteHere(): Promise<void> {
  await buildInto(join(ROOT, "services/web/dist"));
}

async function buildInto(folder: string): Promise<void> {
  const root = join(ROOT, "services/web");
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir: folder } });
}
