/** The real program in a throw-away project: file backend, stand-in providers, nothing outside its own folder. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Provider → the program that plays it. */
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: "./stand-in.ts",
  awsx: "./stand-in-awsx.ts",
  eks: "./stand-in-eks.ts",
  kubernetes: "./stand-in.ts",
};
const LINKED = ["index.ts", "package.json", "node_modules", "platform", "targets"];
const MOST_BYTES = 256 * 1024 * 1024;

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

export interface Project {
  /** `pulumi <args>`, and what it said. */
  readonly pulumi: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Outcome>;
  readonly folder: string;
  readonly cloudFile: string;
  readonly remove: () => void;
}

/** True when there is a `pulumi` to run. */
export async function hasPulumi(): Promise<boolean> {
  const { code } = await execute("pulumi", ["version"], ROOT, {});
  return code === 0;
}

export function createProject(stack: string): Project {
  const folder = mkdtempSync(join(tmpdir(), "cryptotracker-engine-"));
  for (const each of LINKED) symlinkSync(join(ROOT, each), join(folder, each));
  copyFileSync(join(ROOT, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
  const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  const plugins = {
    providers: Object.entries(PROVIDERS).map(([name, main]) => ({ name, path: writeProvider(folder, name, main) })),
  };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, plugins }));
  for (const each of ["home", "backend"]) mkdirSync(join(folder, each));
  const cloudFile = join(folder, "cloud.json");
  const always = {
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    // A passphrase of a throw-away stack: what it encrypts was made up by the stand-ins.
    PULUMI_CONFIG_PASSPHRASE: "stand-in",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The state is written once, at the end of a run, failed or not; after each step it would take most of the time.
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
    STAND_IN_CLOUD: cloudFile,
  };
  return {
    folder,
    cloudFile,
    pulumi: (args, environment = {}) =>
      execute("pulumi", [...args, "--non-interactive", "--color", "never"], folder, { ...always, ...environment }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An executable that the engine finds by its name; it starts the stand-in on this Node. */
function writeProvider(folder: string, name: string, program: string): string {
  const path = join(folder, `provider-${name}`);
  mkdirSync(path);
  const main = fileURLToPath(new URL(program, import.meta.url));
  // Each provider keeps a memory of its own: the two are processes that write at the same time.
  const script = `#!/bin/sh\nSTAND_IN_CLOUD="$STAND_IN_CLOUD.${name}" exec "${process.execPath}" "${main}" "$@"\n`;
  writeFileSync(join(path, `pulumi-resource-${name}`), script, { mode: 0o755 });
  return path;
}

function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...environment }, maxBuffer: MOST_BYTES };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}
