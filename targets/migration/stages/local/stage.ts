/** A rehearsal on this machine: both compiled forms as processes, on real stores, behind one weighted load balancer. */
import { randomUUID } from "node:crypto";
import { TRIAL_HEADER } from "../../../../platform/conventions.ts";
import { cryptotracker } from "../../../../platform/cryptotracker.ts";
import type { Problem } from "../../../../platform/model/types.ts";
import { readStackFile } from "../../../../platform/settings.ts";
import { dashboardBeside } from "../../../local/dashboard/beside.ts";
import type { Dashboard } from "../../../local/dashboard/server.ts";
import { systemOf, systemSide, type UnderWay } from "../../../local/dashboard/system.ts";
import { PrerequisiteError } from "../../../local/errors.ts";
import type { Fault } from "../../../local/faults/index.ts";
import { createSide, SideError, type Side } from "../../../local/runtime/index.ts";
import { createTime } from "../../../local/time.ts";
import { COMPILERS, compileStack, parityOf, type CompiledStack } from "../../../stack.ts";
import { type Ledger, startLoad, type Load } from "../../load/load.ts";
import { trial } from "../../load/trial.ts";
import { parityProblems } from "../../parity.ts";
import { StageError, type Account, type SeriesPoint, type Stage, type Weights, type Window } from "../../stage.ts";
import { accountRequests } from "../account-requests.ts";
import { totalLag } from "../lag.ts";
import { accountFeed, accountStream, accountWrites, storedTrades, withDatabase } from "./accounts.ts";
import { compileForFeed, startSharedPlatform, type SharedPlatform } from "./platform.ts";
import { type Membership, startMembership } from "./membership.ts";
import { premisesOf } from "./premises.ts";
import { createRouting, type Routing } from "./routing.ts";
import { createSamples } from "./samples.ts";
import { createStriking } from "./striking.ts";
import { type Carried, consumerGroups, entriesCarried, formOf, moveOrder, servicesOf, workersOf } from "./workloads.ts";

export interface LoadRates {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly subscribers: number;
  /** Trades a second over all products. */
  readonly feedPerSecond: number;
  /** Posts a second over all sources, where they are carried. */
  readonly postsPerSecond: number;
}

export interface LocalStageOptions {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** Model seconds in one real second. */
  readonly timeScale: number;
  readonly load: LoadRates;
  readonly carried: Carried;
  /** What is wrong with the new side, or strikes from outside. */
  readonly fault: Fault | null;
  /** Seeds the exchange. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** What its dashboard shows as under way. */
  readonly underWay: () => UnderWay;
  /** Told once, where that dashboard can be watched. */
  readonly onDashboard: (url: string) => void;
}

export interface LocalStage extends Stage {
  /** What this machine lacked, when that is why `open` failed. */
  prerequisite(): PrerequisiteError | null;
  /** When the fault struck, Unix time in milliseconds; null for one that does not strike, or has not. */
  struckAt(): number | null;
}

const REPLICAS = 2;
const SETTLE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 200;

export function createLocalStage(options: LocalStageOptions): LocalStage {
  const { root, from, to, signal, load: rates, fault } = options;
  const time = createTime(options.timeScale);
  const trialHeader = { name: TRIAL_HEADER, value: randomUUID() };
  const entryOf = entriesCarried(root, options.carried);
  const all = options.carried === "all";
  const sideNames = [from, to];
  const samples = createSamples((group) => sideNames.find((side) => group.startsWith(`${side}-`)) ?? null);
  const sides = new Map<string, Side>();
  const points: SeriesPoint[] = [];
  let stack: CompiledStack | null = null;
  let shared: SharedPlatform | null = null;
  let routing: Routing | null = null;
  let load: Load | null = null;
  let membership: Membership | null = null;
  let sampler: NodeJS.Timeout | null = null;
  let lacking: PrerequisiteError | null = null;
  let marked = { updates: 0, pointUpdates: 0 };
  let closing: Promise<void> | null = null;
  let dashboard: Dashboard | null = null;

  const opened = () => {
    if (!stack || !shared || !routing || !load) throw new StageError("The stage is not open.");
    return { stack, shared, routing, load };
  };
  const sideNamed = (name: string): Side => {
    const side = sides.get(name);
    if (!side) throw new StageError(`Side ${name} is not deployed.`);
    return side;
  };
  const striking = createStriking(fault?.strike ?? null, (report) =>
    premisesOf({
      ...{ shared: opened().shared, report, signal },
      sideOf: (which) => sideNamed(which === "old" ? from : to),
    }),
  );
  /** Nothing that a strike has its hands on is moved before it is over; weights never wait. */
  const undisturbed = async (report: (line: string) => void): Promise<void> => {
    await striking.over().finally(() => striking.takeLines().forEach(report));
  };
  /** A store that dies under a step ends the step, with its name and last words. */
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    const death = shared?.dataPlane.died.then(({ component, exit, lines }) => {
      throw new StageError([`${component} died (${exit}).`, ...lines.slice(-3)].join(" "));
    });
    try {
      return await (death ? Promise.race([work, death]) : work);
    } catch (error) {
      throw error instanceof SideError ? new StageError(error.message, { cause: error }) : error;
    }
  };

  async function up(name: string, report: (line: string) => void): Promise<Side> {
    const { compiled, platform } = started();
    const form = formOf(name, compiled);
    const side = createSide({
      ...{ name, time, report, behaviours: Object.values(form.behaviours), router: platform.router },
      ...{ entryOf, fill: platform.fill, secret: platform.secret, most: REPLICAS },
      faults: fault && name === to ? [fault] : [],
      // The workers come by replica counts once the side has shown itself, or two sides would share partitions at once.
      initial: name === to ? Object.fromEntries(workersOf(compiled.model).map((worker) => [worker, 0])) : {},
    });
    sides.set(name, side);
    await guarded(side.up());
    const { notBuilt } = side.describe();
    if (notBuilt.length > 0) report(`${name}: not run here: ${notBuilt.join(", ")}`);
    return side;
  }

  function started(): { compiled: CompiledStack; platform: SharedPlatform } {
    if (!stack || !shared) throw new StageError("The stage is not open.");
    return { compiled: stack, platform: shared };
  }

  return {
    name: "local",
    timeScale: options.timeScale,
    preflight: () => Promise.resolve(preflight(root, options.stack)),
    open: async (report) => {
      const read = readStackFile(root, options.stack);
      if (!read.ok) throw new StageError("The stack's settings cannot be read.");
      const settings = read.value;
      try {
        shared = await startSharedPlatform({
          ...{ root, model: cryptotracker(settings), settings, time, report, signal, onResult: samples.record },
          feed: { seed: options.seed, rate: rates.feedPerSecond, ...(all ? { postsRate: rates.postsPerSecond } : {}) },
          name: "rehearsal",
        });
      } catch (error) {
        if (error instanceof PrerequisiteError) lacking = error;
        throw error;
      }
      const local = compileForFeed(settings, shared.exchange, COMPILERS);
      if (!local.ok) throw new StageError("The stack does not compile with this machine's exchange.");
      stack = local.value;
      routing = createRouting(shared.router, trialHeader);
      dashboard = await dashboardBeside(shared.router, { root, system });
      options.onDashboard(`http://localhost:${shared.router.port}/#/system`);
      const side = await up(from, report);
      routing.defaultTo(side.groups());
      load = startLoad({
        ...{ baseUrl: shared.router.url, wsUrl: shared.router.url.replace(/^http/, "ws"), signal },
        ...{ readsPerSecond: rates.readsPerSecond, writesPerSecond: rates.writesPerSecond },
        ...{ subscribers: rates.subscribers, products: settings.feed.products },
      });
      report(
        `load: ${rates.readsPerSecond} reads/s, ${rates.writesPerSecond} writes/s, ${rates.subscribers} subscribers`,
      );
      if (all) {
        const { model } = stack;
        membership = await startMembership({ shared, model, products: settings.feed.products, signal });
        report(`load: a member with alert rules, ${rates.postsPerSecond} posts/s`);
      }
      sampler = setInterval(samplePoint, 1000);
    },
    deploy: async (name, report) => {
      const { routing } = opened();
      const side = await up(name, report);
      routing.attach(from, name, sideNamed(from).groups(), side.groups());
      await guarded(allHealthy(side));
    },
    smoke: async (_name, report) => {
      const { shared, stack } = opened();
      const checks = await guarded(
        trial({
          ...{
            baseUrl: shared.router.url,
            wsUrl: shared.router.url.replace(/^http/, "ws"),
            header: trialHeader,
            signal,
          },
          products: stack.settings.feed.products,
        }),
      );
      for (const { sentence } of checks) report(sentence);
      const failed = checks.filter(({ ok }) => !ok);
      if (failed.length > 0) throw new StageError(failed.map(({ sentence }) => sentence).join(" "));
    },
    scale: async (name, share, report) => {
      await undisturbed(report);
      const side = sideNamed(name);
      const { workloads } = side.describe();
      for (const service of servicesOf(opened().stack.model)) {
        const running = workloads[service]?.desired;
        if (running === undefined) continue;
        const wanted = Math.max(running, Math.ceil((REPLICAS * share) / 100));
        if (wanted > running) await guarded(side.scale(service, wanted));
        report(`${service}: ${wanted} replicas for ${share} %`);
      }
    },
    moveWorkers: async (name, report) => {
      await undisturbed(report);
      const { stack } = opened();
      for (const { worker, count } of moveOrder(stack, sideNamed(name).describe())) {
        await guarded(sideNamed(name).scale(worker, count));
        const other = sides.get(name === from ? to : from);
        if (other?.describe().workloads[worker]) await guarded(other.scale(worker, 0));
        report(`${worker}: ${count} on ${name}, none elsewhere`);
      }
    },
    shift: async (weights) => {
      opened().routing.shift(weights);
      striking.shifted(weights[to] ?? 0);
      return Promise.resolve(opened().routing.weights());
    },
    weights: () => Promise.resolve(opened().routing.weights()),
    mark: () => {
      samples.mark();
      marked = { ...marked, updates: load?.stats().stream.updates ?? 0 };
      return Promise.resolve();
    },
    window: () => guarded(window()),
    wait: (seconds, until) => guarded(time.wait(seconds, until)),
    retire: async (name, report) => {
      await undisturbed(report);
      const { routing } = opened();
      if (name === from) routing.defaultTo(sideNamed(to).groups());
      routing.detach();
      await sideNamed(name).stop();
      sides.delete(name);
      report(`${name} is stopped`);
    },
    account: async (report) => {
      await undisturbed(report);
      return account(report);
    },
    series: () => [...points],
    prerequisite: () => lacking,
    struckAt: () => striking.at(),
    close: () => (closing ??= close()),
  };

  /** A target gets traffic after its first good check; a weight must not find a group without one. */
  async function allHealthy(side: Side): Promise<void> {
    const { shared } = opened();
    const until = Date.now() + SETTLE_MILLISECONDS;
    for (const { group } of side.groups()) {
      while (!shared.router.describeHealth(group).some(({ state }) => state === "healthy")) {
        if (Date.now() > until) throw new StageError(`No target of ${group} became healthy.`);
        await pause();
      }
    }
  }

  async function window(): Promise<Window> {
    const { stack, shared, load } = opened();
    const { stream } = load.stats();
    return {
      seconds: (samples.sinceMark() / 1000) * time.scale,
      sides: samples.window(sideNames),
      streamGaps: stream.gaps,
      streamDoubles: stream.doubles,
      streamUpdates: stream.updates - marked.updates,
      consumerLag: await totalLag(consumerGroups(stack.model, entryOf, stack), shared.broker.lag),
    };
  }

  function samplePoint(): void {
    if (!routing || !load) return;
    const updates = load.stats().stream.updates;
    const weights: Weights = routing.weights();
    points.push({
      at: performance.timeOrigin + performance.now(),
      weights,
      sides: samples.slice(sideNames),
      streamUpdates: updates - marked.pointUpdates,
    });
    marked = { ...marked, pointUpdates: updates };
  }

  async function account(report: (line: string) => void): Promise<readonly Account[]> {
    const { shared, load } = opened();
    await load.quiesce();
    const emitted = await shared.exchange.finish();
    const sent = Object.values(emitted).reduce((sum, { count }) => sum + count, 0);
    report(`the exchange sent ${sent} trades; waiting until all have arrived`);
    const settled = async (): Promise<boolean> =>
      (await withDatabase(shared.databaseUrl, storedTrades)) >= sent &&
      load.ledger().stream.every(({ product, last, missing }) => missing === 0 && last === emitted[product]?.last);
    for (const until = Date.now() + SETTLE_MILLISECONDS; Date.now() < until && !(await settled());) await pause();
    const ledger = await load.stop();
    const [writes, feed] = await withDatabase(
      shared.databaseUrl,
      async (client) => [await accountWrites(client, ledger), await accountFeed(client, emitted)] as const,
    );
    const accounts = [writes, feed, accountStream(ledger, emitted), requestsOf(ledger)];
    return [...accounts, ...((await membership?.accounts()) ?? [])];
  }

  function system() {
    const weights: Weights = routing?.weights() ?? {};
    const shown = [...sides].map(([name, side]) => systemSide(name, weights[name] ?? 0, side.describe()));
    return systemOf(shown, options.underWay(), new Date());
  }

  async function close(): Promise<void> {
    if (sampler) clearInterval(sampler);
    await dashboard?.close();
    membership?.stop();
    await load?.stop();
    await Promise.all([...sides.values()].map((side) => side.stop()));
    await shared?.stop();
  }
}

function requestsOf({ requests }: Ledger): Account {
  const { failed, unfit } = requests;
  return accountRequests(requests, `requests that ended with an answer (${failed} with an error, ${unfit} unusable)`);
}

/** Undeclared differences between the two forms are problems like any other. */
function preflight(root: string, stack: string): readonly Problem[] {
  const compiled = compileStack(root, stack, COMPILERS);
  if (!compiled.ok) return compiled.problems;
  return parityProblems(parityOf(compiled.value));
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
