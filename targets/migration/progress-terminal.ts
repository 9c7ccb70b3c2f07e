/** The list on a terminal, drawn by listr2: a task for each phase, and in it one for each step. */
import { DefaultRenderer, Listr, ListrLogger, type ListrTask, PRESET_TIMER, ProcessOutput } from "listr2";
import type { Plan, Step } from "./plan.ts";
import type { RunEvent } from "./run.ts";

/** listr2 asks whether stdout is a terminal; what counts here is stderr. */
class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

type Task = ListrTask<unknown, typeof TerminalRenderer>;

/** What a listr task waits for and shows, filled by the events of the run. */
class Row {
  started = false;
  readonly ended = Promise.withResolvers<string | null>();
  line = "";
  show: (line: string) => void = (line) => (this.line = line);
}

export function createTerminal(
  plan: Plan,
  stream: NodeJS.WriteStream,
): { observe: (event: RunEvent) => void; note: (line: string) => void; done: () => Promise<void> } {
  const rows = new Map<string, Row>();
  const rollback = Promise.withResolvers<readonly Step[]>();
  let failed = false;
  let note: (line: string) => void = () => undefined;

  const rowOf = ({ id }: Pick<Step, "id">): Row => {
    const row = rows.get(id) ?? new Row();
    rows.set(id, row);
    return row;
  };
  const stepTask = (step: Step): Task => ({
    title: step.title,
    // After a failure, what the run doesn't come to any more isn't shown.
    enabled: () => !failed || rowOf(step).started || step.kind === "account",
    rendererOptions: { outputBar: true, timer: PRESET_TIMER },
    async task(_, task) {
      const row = rowOf(step);
      row.show = (line) => (task.output = line);
      if (row.line) row.show(row.line);
      const failure = await row.ended.promise;
      if (failure !== null) throw new Error(`${step.title}: ${failure}`);
      if (!row.started) task.skip(`${step.title}: not reached`);
    },
  });
  const phaseTask = (phase: string, steps: readonly Step[]): Task => ({
    title: phase,
    enabled: () => !failed || steps.some((step) => rowOf(step).started),
    rendererOptions: { timer: PRESET_TIMER },
    task: (_, task) => {
      note = (line) => (task.title = `${phase}  ${line}`);
      return task.newListr(steps.map(stepTask), { rendererOptions: { collapseSubtasks: true } });
    },
  });
  const rollbackTask: Task = {
    title: "Roll back",
    enabled: () => failed,
    async task(_, task) {
      const steps = await rollback.promise;
      if (steps.length === 0) task.skip("Nothing to roll back");
      return task.newListr(steps.map((step) => ({ ...stepTask(step), enabled: true })));
    },
  };

  const phases = Map.groupBy(
    plan.steps.filter(({ kind }) => kind !== "account"),
    ({ phase }) => phase,
  );
  const tasks = [...phases].map(([phase, steps]) => phaseTask(phase, steps));
  const accounts = plan.steps.filter(({ kind }) => kind === "account").map(stepTask);
  const list = new Listr<unknown, typeof TerminalRenderer>([...tasks, rollbackTask, ...accounts], {
    renderer: TerminalRenderer,
    rendererOptions: {
      logger: new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream) }),
      collapseErrors: false,
    },
    exitOnError: false,
    registerSignalListeners: false,
  });
  const running = list.run().catch(() => undefined);

  return {
    observe(event) {
      if (event.type === "rollbackStarted") {
        rollback.resolve(event.steps);
      } else if (event.type === "ended") {
        rollback.resolve([]);
        for (const step of plan.steps) rowOf(step).ended.resolve(null);
      } else {
        const row = rowOf(event.step);
        if (event.type === "stepStarted") row.started = true;
        else if (event.type === "stepReported") row.show(event.line);
        else if (event.type === "gateLooked") row.show(event.look.verdict.sentence);
        else {
          const { state, failure } = event.record;
          failed ||= state === "failed" || state === "interrupted";
          if (event.step.kind === "account") rollback.resolve([]);
          row.ended.resolve(state === "done" || state === "skipped" ? null : (failure ?? state));
        }
      }
    },
    note: (line) => note(line),
    done: async () => {
      await running;
    },
  };
}
