/** A project of its own on the real engine for one describe block; skipped, with the reason, where there is no engine. */
import { createProject, hasPulumi, type Project } from "./project.ts";

export interface EngineStack {
  /** @throws Error before the block's `before` hook has run */
  readonly project: () => Project;
}

type Config = Readonly<Record<string, string>>;

/** Registers the hooks. Both are set before the first run, by their path under the project's namespace. */
export function engineStack(stack: string, config: Config = {}, secrets: Config = {}): EngineStack {
  let made: Project | null = null;
  const project = (): Project => {
    if (!made) throw new Error("The stack is made in a hook.");
    return made;
  };

  before(async function () {
    if (!(await hasPulumi())) {
      console.log("    skipped: no pulumi on PATH");
      this.skip();
    }
    made = createProject(stack);
    const commands = [
      ["stack", "init", stack],
      ...Object.entries(config).map((entry) => setting(stack, entry)),
      ...Object.entries(secrets).map((entry) => setting(stack, entry, "--secret")),
    ];
    for (const command of commands) {
      const { code, output } = await made.pulumi(command);
      if (code !== 0) throw new Error(output);
    }
  });

  after(() => made?.remove());
  return { project };
}

function setting(stack: string, [path, value]: readonly [string, string], ...more: readonly string[]): string[] {
  return ["config", "set", "--stack", stack, ...more, "--path", `cryptotracker:${path}`, value];
}
