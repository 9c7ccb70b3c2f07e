/** A migration on AWS: three stacks, driven through Pulumi, judged by what AWS and the probes say. */
import type { Model, Problem } from "../../../../platform/model/types.ts";
import { StageError, type Stage, type Weights } from "../../stage.ts";
import { accountsOf } from "./accounts.ts";
import type { SideStack } from "./layout.ts";
import type { AwsPorts, Brokers, Report, Urls, WorkloadState } from "./ports.ts";
import { floorsFor, initialReplicas, movedWorkers } from "./replicas.ts";
import { routesOf, type SideRoute } from "./routes.ts";
import { findStacks, type Stacks } from "./stacks.ts";
import { untilSteady } from "./steady.ts";
import { readTrialValue, readWeights, readWeightsOnce } from "./traffic.ts";
import { createWatching } from "./watching.ts";

export interface AwsStageOptions {
  /** The stack with the foundation. */
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly model: Model;
  readonly signal: AbortSignal;
  /** Everything that can be known beforehand; nothing is changed by it. */
  readonly preflight: (report: Report) => Promise<readonly Problem[]>;
}

export function createAwsStage(options: AwsStageOptions, ports: AwsPorts): Stage {
  const { stack, from, to, model, signal } = options;
  const { engine, probes, clock } = ports;
  const routes = new Map<string, readonly SideRoute[]>();
  let stacks: Stacks | null = null;
  let brokers: Brokers | null = null;
  let probing = false;
  const watching = createWatching(ports, model, () => brokers, to, from);

  const found = (): Stacks => {
    if (!stacks) throw new StageError("The stage is not open.");
    return stacks;
  };
  const named = (side: string): SideStack => (side === from ? found().layout.from : found().layout.to);
  const other = (side: string): SideStack => (side === from ? found().layout.to : found().layout.from);
  const allRoutes = (): readonly SideRoute[] => [...routes.values()].flat();

  /** Learns its routes, and waits for it. */
  async function steady(side: SideStack, report: Report): Promise<readonly WorkloadState[]> {
    const outputs = await found().outputs(side);
    routes.set(side.side, routesOf(side.side, side.stack, outputs));
    return untilSteady(ports, side.side, outputs, routes.get(side.side) ?? [], report, signal);
  }

  /** Empty for a side that does not run. */
  async function states(side: SideStack): Promise<readonly WorkloadState[]> {
    const outputs = await found().outputs(side);
    return outputs["target"] === side.side ? ports.orchestrators.states(side.side, outputs) : [];
  }

  async function urls(): Promise<Urls> {
    const { url, streamUrl } = await found().foundation();
    if (typeof url !== "string" || typeof streamUrl !== "string") throw new StageError(`Stack ${stack} says no URLs.`);
    return { api: url, stream: streamUrl };
  }

  async function shift(weights: Weights, report: Report): Promise<Weights> {
    await found().shift(weights, report);
    return readWeightsOnce(ports, allRoutes(), weights, signal);
  }

  return {
    name: "aws",
    lasting: true,
    timeScale: 1,
    preflight: options.preflight,
    open: async (report) => {
      stacks = await findStacks(engine, stack, from, to);
      const { layout } = stacks;
      report(`${from} is in stack ${layout.from.stack}, ${to} in ${layout.to.stack}, weights in ${layout.traffic}`);
      for (const side of [layout.from, layout.to]) {
        const outputs = await stacks.outputs(side);
        if (outputs["target"] === side.side) routes.set(side.side, routesOf(side.side, side.stack, outputs));
      }
      brokers ??= await ports.brokers(await stacks.foundation());
      if (!probing) probes.start(await urls());
      probing = true;
    },
    deploy: async (side, report) => {
      await found().deploy(named(side), initialReplicas(model), report);
      await steady(named(side), report);
    },
    smoke: async (side, report) => {
      const value = await readTrialValue(ports, side, routes.get(side) ?? []);
      const checks = await probes.trial(await urls(), value);
      for (const { sentence } of checks) report(sentence);
      const failed = checks.filter(({ ok }) => !ok);
      if (failed.length > 0) throw new StageError(failed.map(({ sentence }) => sentence).join(" "));
    },
    scale: async (side, share, report) => {
      const floors = floorsFor(model, share, await states(other(side)));
      await found().scale(named(side), floors, report);
      await steady(named(side), report);
    },
    moveWorkers: async (side, report, only) => {
      const [there, gone] = [named(side), other(side)];
      const moved = movedWorkers(model, only, [...(await states(gone)), ...(await states(there))]);
      const counts = (count: (usual: number) => number) =>
        Object.fromEntries(moved.map(({ name, count: usual }) => [name, { exactly: count(usual) }]));
      // First there, then gone: for a while both read, in one group, and each partition has one reader at any time.
      await found().scale(
        there,
        counts((usual) => usual),
        report,
      );
      await steady(there, report);
      await found().scale(
        gone,
        counts(() => 0),
        report,
      );
      await steady(gone, report);
      for (const { name, count } of moved) report(`${name}: ${count} on ${side}, none on ${gone.side}`);
    },
    shift: (weights) => shift(weights, () => undefined),
    weights: () => readWeights(ports, allRoutes()),
    mark: () => {
      watching.mark();
      return Promise.resolve();
    },
    window: async () => watching.window(allRoutes(), await readWeights(ports, allRoutes())),
    wait: (seconds, until) => clock.sleep(1000 * seconds, until),
    retire: async (side, report) => {
      await found().retire(named(side), report);
      routes.delete(side);
      await found().release(other(side), report);
      await steady(other(side), report);
      report(`${side} is gone; ${other(side).side} scales by itself`);
    },
    account: async (report) => {
      report("waiting until the probes have had their last answers and updates");
      const { ledger, missingWrites } = await probes.settle();
      return accountsOf(ledger, missingWrites);
    },
    series: () => watching.series(),
    close: async () => {
      await probes.stop();
      await brokers?.close();
      brokers = null;
      await engine.idle();
    },
  };
}
