/** `start`: one compiled form as processes on this machine, on real stores, until somebody ends it. */
import { once } from "node:events";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Model } from "../../../platform/model/types.ts";
import { dashboardBeside } from "../../local/dashboard/beside.ts";
import { NOTHING_UNDER_WAY, systemOf, systemSide } from "../../local/dashboard/system.ts";
import { startMailSink } from "../../local/mail/sink.ts";
import type { Router } from "../../local/router/index.ts";
import { createSide, entriesUnder, type Side } from "../../local/runtime/index.ts";
import { createTime } from "../../local/time.ts";
import { compileForFeed, startSharedPlatform } from "../../migration/stages/local/platform.ts";
import { formOf } from "../../migration/stages/local/workloads.ts";
import type { CompiledStack, Compiler } from "../../stack.ts";
import { behavioursHere, oneEach } from "./behaviours.ts";
import type { Board } from "./board.ts";
import { notRun, stateOf } from "./states.ts";

export interface StartRequest {
  /** The project's folder. */
  readonly root: string;
  readonly form: Compiler;
  readonly port: number;
}

/** What a person, or a program, is told once everything runs. */
export interface Running {
  readonly url: string;
  readonly ws: string;
  readonly mails: string;
  readonly form: Compiler;
  readonly services: readonly string[];
  /** Workload → why it does not run here. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** A store died under it and does not come back: nothing that depends on it can be mended from here. */
export class StoreDied extends Error {}

/** Model seconds in a real one: drains and back-offs are made for clusters, and a person waits for these. */
const TIME_SCALE = 20;
/** How long one may take to boot, and all to be ready; real seconds, since processes boot in real time. */
const BOOT_SECONDS = 60;
const PATIENCE_SECONDS = 180;
/** Trades and posts a second, over all products and sources: enough to see it move. */
const FEED = { seed: 1, rate: 20, krakenRate: 5, postsRate: 4 } as const;
const LOOK_MILLISECONDS = 250;
const FIRST_PRIORITY = 10_000;

/**
 * Resolves when everything is stopped again after the signal; nothing is left running, however it ends.
 * @throws PrerequisiteError, SideError; StoreDied
 */
export async function runPlatform(
  { root, form, port }: StartRequest,
  { model, settings }: CompiledStack,
  board: Board,
  signal: AbortSignal,
  onReady: (running: Running) => void,
): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  const time = createTime(TIME_SCALE);
  try {
    const mail = await startMailSink();
    stops.push(() => mail.close());
    const shared = await startSharedPlatform({
      ...{ root, model, settings, time, port, feed: FEED, name: "start", revive: true, mail: mail.url, signal },
      report: board.report,
    });
    stops.push(() => shared.stop());
    const url = `http://localhost:${shared.router.port}`;
    const compiled = compileForFeed(settings, shared.exchange, [form]);
    if (!compiled.ok) throw new Error("The stack does not compile with this machine's exchange.");
    const behaviours = behavioursHere(Object.values(formOf(form, compiled.value).behaviours), {
      publicUrl: url,
      startGrace: BOOT_SECONDS * TIME_SCALE,
    });
    const side = createSide({
      ...{ name: form, behaviours, time, router: shared.router, entryOf: entriesUnder(root), report: board.report },
      onSteady: () => look(side, board),
      ...{ fill: shared.fill, secret: shared.secret, most: 1, initial: oneEach(behaviours) },
      steadyWithin: PATIENCE_SECONDS * TIME_SCALE,
    });
    stops.push(() => side.stop());
    const dashboard = await dashboardBeside(shared.router, {
      root,
      system: () => systemOf([systemSide(form, 100, side.describe())], NOTHING_UNDER_WAY, new Date()),
      documents: { "/dev/mails": () => ({ items: mail.mails() }) },
    });
    stops.push(() => dashboard.close());
    const looking = setInterval(() => look(side, board), LOOK_MILLISECONDS);
    stops.push(() => {
      clearInterval(looking);
      return Promise.resolve();
    });

    const aborted = once(signal, "abort").then(() => "aborted" as const);
    const died = shared.dataPlane.died.then(({ component, exit, lines }) => {
      throw new StoreDied([`${component} died (${exit}).`, ...lines.slice(-3)].join("\n  "));
    });
    signal.throwIfAborted();
    // A signal ends an `up` that is under way by stopping the side; what it throws then is nobody's failure.
    const up = side.up();
    if ((await Promise.race([up, aborted, died])) === "aborted") {
      up.catch(() => undefined);
      return;
    }
    route(shared.router, side);
    await board.ready();
    const state = side.describe();
    onReady({
      ...{ url, ws: `${url.replace(/^http/, "ws")}/ws`, mails: `${url}/dev/mails`, form },
      ...{ services: Object.keys(state.workloads), notRun: notRun(state) },
    });
    await Promise.race([aborted, died]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    board.stopping();
    for (const stop of stops.reverse()) await stop();
  }
}

/** What there is to show a line for: everything of the form that lasts and has a source here. */
export function shownServices(root: string, { model, forms }: CompiledStack): readonly string[] {
  const entryOf = entriesUnder(root);
  const runs = ({ kind, image }: Behaviour): boolean => kind === "longRunning" && entryOf(image) !== null;
  const names = new Set(
    forms.flatMap(({ behaviours }) => Object.values(behaviours).flatMap((each) => (runs(each) ? [each.name] : []))),
  );
  return inOrder(model, names);
}

function inOrder({ workloads }: Model, names: ReadonlySet<string>): readonly string[] {
  return workloads.flatMap(({ name }) => (names.has(name) ? [name] : []));
}

function route(router: Router, side: Side): void {
  side.groups().forEach(({ group, routes }, index) => {
    router.addRule({ priority: FIRST_PRIORITY + index, paths: routes, forward: [{ group, weight: 1 }] });
  });
}

/** Tells the board what has changed. */
function look(side: Side, board: Board): void {
  for (const [name, state] of Object.entries(side.describe().workloads)) board.service(name, stateOf(state));
}
