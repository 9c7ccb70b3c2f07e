/** The program's graph with inputs and what a provider would answer: the tests' own runs keep the inputs only. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Registered, Run } from "../../../policies/program/types.ts";
import { ROOT } from "../../support/stacks.ts";

const RUN = `file://${ROOT}/policies/program/run.ts`;
const MOST_BYTES = 128 * 1024 * 1024;
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

/** A program runs once in each process, so this is one of its own. It fails on a type that is new to the mocks. */
const PROGRAM = `
  const { runProgram } = await import(${JSON.stringify(RUN)});
  const run = await runProgram(JSON.parse(process.argv[1]));
  process.stdout.write(JSON.stringify(run), () => process.exit(0));
`;

/** @throws Error when the program refuses the stack */
export async function wholeGraph(stack: string, target: string): Promise<readonly Registered[]> {
  const request = { stack, config: { "cryptotracker:target": target }, zones: ZONES, strange: "refused" };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, JSON.stringify(request)],
    { cwd: fileURLToPath(new URL(`file://${ROOT}/`)), maxBuffer: MOST_BYTES },
  );
  const { resources, error } = JSON.parse(stdout) as Run;
  if (error) throw new Error(`${stack} on ${target}: ${error.message}`);
  return resources;
}
