/** Pulumi by its Automation API: the program of this folder, its stack files, its backend. Loads Pulumi; nothing else here does. */
import {
  CommandError,
  ConcurrentUpdateError,
  LocalWorkspace,
  type Stack,
  StackNotFoundError,
  type StackSettings,
} from "@pulumi/pulumi/automation/index.js";
import { type Engine, EngineError, type Report, type StackConfig } from "../ports.ts";

export interface EngineOptions {
  /** The project's folder. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Folder of the policy pack, and its configuration. */
  readonly policies: { readonly pack: string; readonly config: string };
  /** Whose update a dead process of ours may have left locked: its lock is taken away once, and the update tried again. */
  readonly takeOver: boolean;
  /** For Pulumi, beside this process' own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Lines of Pulumi's that say what is going on, on its way to the person. */
const TELLING = /^\s*(\+|~|-|error|warning|policy|\[mandatory\])|creat|updat|delet/i;
const WORDS_OF_FAILURE = 3;

export function createEngine({ root, signal, policies, takeOver, environment = {} }: EngineOptions): Engine {
  const running = new Set<Promise<unknown>>();
  const known = new Map<string, Stack>();

  const here = { workDir: root, envVars: { ...environment } };
  const workspace = () => LocalWorkspace.create(here);
  async function select(name: string): Promise<Stack> {
    const stack = known.get(name) ?? (await LocalWorkspace.selectStack({ stackName: name, workDir: root }, here));
    known.set(name, stack);
    return stack;
  }
  /** Kept until it is over, whatever becomes of who waits for it. */
  async function said<T>(what: string, work: () => Promise<T>): Promise<T> {
    const going = work();
    running.add(going);
    try {
      return await going;
    } catch (error) {
      throw error instanceof CommandError || error instanceof Error
        ? new EngineError(`${what}: ${wordsOf(error)}`, { cause: error })
        : error;
    } finally {
      running.delete(going);
    }
  }
  /** An update that another one keeps out: ours, if it died with the process whose migration goes on here. */
  async function unlocked<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!takeOver || !(error instanceof ConcurrentUpdateError)) throw error;
      await stack.cancel();
      return work();
    }
  }
  const options = (report: Report) => ({
    ...({ color: "never", suppressProgress: true, suppressOutputs: true, signal } as const),
    onOutput: (text: string) => {
      for (const line of text.split("\n")) if (TELLING.test(line)) report(line.trim());
    },
  });

  return {
    config: (name) =>
      said(`Stack ${name} cannot be read`, async () => {
        const stacks = await (await workspace()).listStacks();
        if (!stacks.some((each) => each.name === name || each.name.endsWith(`/${name}`))) return null;
        // Its file may be on another machine: then it is set anew, as it would be for the first time.
        const { config = {} } = await (await workspace()).stackSettings(name).catch((): StackSettings => ({}));
        return config satisfies StackConfig;
      }),
    configure: (name, config) =>
      said(`Stack ${name} cannot be set`, async () => {
        const stack = await LocalWorkspace.createOrSelectStack({ stackName: name, workDir: root }, here);
        known.set(name, stack);
        // What encrypts the stack's secrets stands in the same file.
        const settings = await stack.workspace.stackSettings(name).catch((): StackSettings => ({}));
        await stack.workspace.saveStackSettings(name, { ...settings, config: { ...config } });
      }),
    outputs: (name) =>
      said(`Outputs of ${name} cannot be read`, async () => {
        const stack = await select(name).catch((error: unknown) => {
          if (error instanceof StackNotFoundError) return null;
          throw error;
        });
        const outputs = (await stack?.outputs()) ?? {};
        return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
      }),
    preview: (name, report) =>
      said(`Preview of ${name} failed`, async () => {
        const stack = await select(name);
        const { pack, config } = policies;
        const preview = () => stack.preview({ ...options(report), policyPacks: [pack], policyPackConfigs: [config] });
        return Object.fromEntries(Object.entries((await unlocked(stack, preview)).changeSummary));
      }),
    up: (name, report) =>
      said(`Update of ${name} failed`, async () => {
        const stack = await select(name);
        const { outputs } = await unlocked(stack, () => stack.up(options(report)));
        return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
      }),
    destroy: (name, report) =>
      said(`Destroying ${name} failed`, async () => {
        const stack = await select(name);
        await unlocked(stack, () => stack.destroy(options(report)));
      }),
    idle: async () => {
      await Promise.allSettled([...running]);
    },
  };
}

/** Of all that Pulumi prints, what says why. */
function wordsOf(error: Error): string {
  if (error instanceof ConcurrentUpdateError) {
    return "somebody else's update is under way, or was cut off; pulumi cancel takes its lock away";
  }
  const lines = error.message.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => /error:|\[mandatory\]|violation/i.test(line));
  return (telling.length > 0 ? telling : lines.filter(Boolean)).slice(0, WORDS_OF_FAILURE).join(" ");
}
