/** `npm run policy`: starts a process for each stack and target, for a program runs once in each, and gathers what they say. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "./framework/report.ts";
import { junit } from "./report/junit.ts";
import { sarif } from "./report/sarif.ts";
import type { Answer, Asked } from "./protocol.ts";

export { blocking } from "./framework/report.ts";
export { text as report } from "./report/table.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const FOLDER = import.meta.dirname;
const CATALOGUE = "docs/policies.md";

/** Bad use or a missing prerequisite, in a sentence. */
export class PolicyRefusal extends Error {}

export interface Wanted {
  readonly stacks: readonly string[];
  readonly targets: readonly string[];
  /** `2026-11-30`: the day on which exemptions are judged. */
  readonly today: string;
  /** Instead of each stack's own. */
  readonly config?: string | undefined;
}

/**
 * A report for each stack and target. Of several targets, those that a stack is not for and whose form the program
 * refuses are left out, aloud.
 * @param progress hears a sentence before and after each
 */
export async function policyReports(
  { stacks, targets, today, config: file }: Wanted,
  progress: (sentence: string) => void,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const stack of stacks) {
    const config = readConfig(stack, file);
    for (const target of targets) {
      progress(`${stack}, ${target}: building the graph and judging it …`);
      const answer = await answerTo({ kind: "check", stack, target, config, today });
      if (!answer.ok && answer.foreign && targets.length > 1) {
        progress(`${stack}, ${target}: left out. ${answer.because}`);
        continue;
      }
      const report = valueOf(answer) as Report;
      const { graph, rules } = report.milliseconds;
      progress(
        `${stack}, ${target}: ${report.resources} resources, graph ${graph} ms, ${report.rules.length} rules ${rules} ms`,
      );
      reports.push(report);
    }
  }
  return reports;
}

/** Beside what is printed, the forms that a CI reads. */
export function writeReports(
  reports: readonly Report[],
  files: { readonly sarif?: string; readonly junit?: string },
): void {
  if (files.sarif !== undefined) writeFileSync(files.sarif, `${JSON.stringify(sarif(reports), null, 2)}\n`);
  if (files.junit !== undefined) writeFileSync(files.junit, junit(reports));
}

function configFile(stack: string): string {
  return join(FOLDER, `config.${stack}.json`);
}

function readConfig(stack: string, file = configFile(stack)): unknown {
  const shown = relative(process.cwd(), file);
  if (!existsSync(file)) {
    throw new PolicyRefusal(
      `${shown}: nothing; npm run policy -- --stack ${stack} --write-config writes a stack's own`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PolicyRefusal(`${shown}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes each stack's configuration from its settings; returns the files. */
export async function writeConfigs(stacks: readonly string[]): Promise<readonly string[]> {
  for (const stack of stacks) writeFileSync(configFile(stack), await configText(stack));
  return stacks.map((stack) => `policies/config.${stack}.json`);
}

/** What a stack's configuration file should say. */
export async function configText(stack: string): Promise<string> {
  return `${JSON.stringify(await ask({ kind: "config", stack }), null, 2)}\n`;
}

/** Writes the page of all rules; returns the file. */
export async function writeCatalogue(root: string): Promise<string> {
  writeFileSync(join(root, CATALOGUE), await catalogueText());
  return CATALOGUE;
}

export async function catalogueText(): Promise<string> {
  return (await ask({ kind: "catalogue" })) as string;
}

/** @throws PolicyRefusal with what the process refused; Error when it fell over */
async function ask(asked: Asked): Promise<unknown> {
  return valueOf(await answerTo(asked));
}

async function answerTo(asked: Asked): Promise<Answer> {
  return JSON.parse(await run(JSON.stringify(asked))) as Answer;
}

function valueOf(answer: Answer): unknown {
  if (!answer.ok) throw new PolicyRefusal(answer.because);
  return answer.value;
}

function run(asked: string): Promise<string> {
  const child = spawn(process.execPath, [MAIN, asked], { stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`The process that judges ended with ${code ?? "a signal"}; what it said stands above.`));
    });
  });
}
