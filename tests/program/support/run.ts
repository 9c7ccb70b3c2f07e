/** The program under mocks, as a value: what it registered, in which order, with which options. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Registered, Run } from "./types.ts";

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));
const MOST_BYTES = 64 * 1024 * 1024;
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

export interface Given {
  /** Beside the stack's file and before it: `cryptotracker:target`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly zones?: readonly string[];
  /** The target that the stack's last run left behind. */
  readonly running?: string;
  /** What stacks' last runs left behind, by stack. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The stacks that weights over this one's foundation name, with spaces between. */
  readonly weighted?: string;
}

/** Runs a stack's program in a process of its own. */
export async function runProgram(stack: string, given: Given = {}): Promise<Run> {
  const { config = {}, zones = ZONES, running, weighted } = given;
  const outputs = running === undefined ? given.outputs : { [stack]: { target: running } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [CHILD, JSON.stringify({ stack, config, zones, outputs, weighted })],
    {
      maxBuffer: MOST_BYTES,
    },
  );
  return JSON.parse(stdout) as Run;
}

/** All of an AWS type, `ecs/service:Service`. */
export function ofType({ resources }: Run, type: string): readonly Registered[] {
  return resources.filter((resource) => resource.type === `aws:${type}`);
}

/** The one of a type and name. @throws Error when there is none, naming those that are */
export function one(run: Run, type: string, name: string): Registered {
  const found = ofType(run, type);
  const match = found.find((resource) => resource.name === name);
  if (!match) throw new Error(`No ${type} called ${name}; there are ${found.map((each) => each.name).join(", ")}.`);
  return match;
}
