/** A control plane for the tests of one `describe`: opened before them, or a reason to skip them; gone after them. */
import { ControlPlane } from "./control-plane.ts";

const START_MILLISECONDS = 300_000;

export interface PlaneHooks {
  /** @throws Error outside the tests */
  readonly plane: () => ControlPlane;
  /** A line for who reads the tests' output. */
  readonly say: (line: string) => void;
}

/** Call it in the `describe`. @param prepare what all of its tests start from */
export function useControlPlane(prepare: (plane: ControlPlane) => Promise<void>): PlaneHooks {
  const lines: string[] = [];
  let opened: ControlPlane | undefined;

  before(async function () {
    this.timeout(START_MILLISECONDS);
    const answer = await ControlPlane.open(process.env);
    if ("reason" in answer) {
      process.stdout.write(`    skipped: ${answer.reason}\n`);
      this.skip();
    }
    opened = answer;
    for (const each of opened.cluster.missing) process.stdout.write(`    skipped: ${each}\n`);
    await prepare(opened);
  });

  after(async function () {
    this.timeout(START_MILLISECONDS);
    if (!opened) return;
    const pods = opened.kubelet.pods().length;
    process.stdout.write(
      `    Kubernetes ${await opened.cluster.api.version()}: ${pods} pods, ${opened.nodes.count} nodes\n`,
    );
    for (const line of lines) process.stdout.write(`    ${line}\n`);
    await opened.stop();
  });

  return {
    plane: () => {
      if (!opened) throw new Error("the control plane is not open");
      return opened;
    },
    say: (line) => void lines.push(line),
  };
}
