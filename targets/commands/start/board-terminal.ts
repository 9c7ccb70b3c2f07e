/** The list of what comes up, drawn by listr2: a row for each service, ticked when it takes its work. */
import { DefaultRenderer, Listr, ListrLogger, type ListrTask, PRESET_TIMER, ProcessOutput } from "listr2";

/** listr2 asks whether stdout is a terminal; what counts here is stderr. */
class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** The list that a terminal has while things come up. */
export interface List {
  readonly note: (line: string) => void;
  readonly done: (service: string) => void;
  /** Resolves when it is drawn to its end; what has not come up by then has not. */
  readonly end: () => Promise<void>;
}

type Task = ListrTask<unknown, typeof TerminalRenderer>;

export function createList(services: readonly string[], stream: NodeJS.WriteStream): List {
  const rows = new Map(services.map((name) => [name, Promise.withResolvers<"up" | "over">()]));
  const whole = Promise.withResolvers<undefined>();
  let show: (line: string) => void = () => undefined;
  const serviceTask = (name: string): Task => ({
    title: name,
    rendererOptions: { timer: PRESET_TIMER },
    async task(_, task) {
      if ((await rows.get(name)?.promise) === "over") task.skip(`${name}: not up`);
    },
  });
  const platformTask: Task = {
    title: "Stores, feed and load balancer",
    rendererOptions: { outputBar: true, timer: PRESET_TIMER },
    async task(_, task) {
      show = (line) => (task.output = line);
      await whole.promise;
    },
  };
  const list = new Listr<unknown, typeof TerminalRenderer>([platformTask, ...services.map(serviceTask)], {
    concurrent: true,
    renderer: TerminalRenderer,
    rendererOptions: {
      logger: new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream) }),
    },
    exitOnError: false,
    registerSignalListeners: false,
  });
  const drawn = list.run().catch(() => undefined);
  return {
    note: (line) => show(line),
    done: (service) => rows.get(service)?.resolve("up"),
    end: async () => {
      whole.resolve(undefined);
      for (const row of rows.values()) row.resolve("over");
      await drawn;
    },
  };
}
