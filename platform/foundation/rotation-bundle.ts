/**
 * What a rotation function carries: files of ours, and npm packages with everything that they need, as they are
 * installed here. The lock file pins them, so the same commit gives the same archive; nothing is bundled or fetched.
 */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const FOLDER = new URL("./rotation/", import.meta.url);
const manifest = z.object({ dependencies: z.record(z.string(), z.string()).optional() });

/** @throws Error for a package that is not installed */
export function bundle(files: readonly string[], packages: readonly string[]): pulumi.asset.AssetArchive {
  const folders = new Map<string, string>();
  for (const name of packages) collect(name, import.meta.filename, folders);
  return new pulumi.asset.AssetArchive({
    ...Object.fromEntries(
      files.map((file) => [file, new pulumi.asset.StringAsset(readFileSync(new URL(file, FOLDER), "utf8"))]),
    ),
    ...Object.fromEntries(
      [...folders].map(([name, folder]) => [`node_modules/${name}`, new pulumi.asset.FileArchive(folder)]),
    ),
  });
}

/** Optional and peer dependencies stay away: `pg` loads them only where somebody asks. */
function collect(name: string, from: string, found: Map<string, string>): void {
  if (found.has(name)) return;
  const path = findPackageJSON(name, from);
  if (path === undefined) throw new Error(`The package ${name} is not installed.`);
  found.set(name, dirname(path));
  const { dependencies = {} } = manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  for (const each of Object.keys(dependencies).sort()) collect(each, path, found);
}
