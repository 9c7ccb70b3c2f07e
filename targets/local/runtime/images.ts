/** Image reference → what runs: on this machine a service's own sources take its image's place. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Image → the absolute path of its `main.ts`, or null where this machine has none. */
export type EntryOf = (image: string) => string | null;

/**
 * The folder under services/ that an image is built from: the last part of its repository's name.
 * `123.dkr.ecr.eu-west-1.amazonaws.com/cryptotracker/api@sha256:…` → `api`, and so is `${image.api.reference}`, the
 * placeholder of a stack that builds its images itself. null when it is no image reference.
 */
export function buildOf(image: string): string | null {
  const [, placeheld] = /^\$\{image\.([^.{}]+)\.reference\}$/.exec(image) ?? [];
  const [repository = ""] = (placeheld ?? image).split("@");
  const last = repository.slice(repository.lastIndexOf("/") + 1);
  const build = last.split(":")[0] ?? "";
  return /^[a-z0-9][a-z0-9._-]*$/.test(build) ? build : null;
}

/** Looks in `<root>/services/<build>/main.ts`. */
export function entriesUnder(root: string): EntryOf {
  return (image) => {
    const build = buildOf(image);
    if (build === null) return null;
    const entry = join(root, "services", build, "main.ts");
    return existsSync(entry) ? entry : null;
  };
}
