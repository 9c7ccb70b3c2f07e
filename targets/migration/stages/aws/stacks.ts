/** The three stacks of a migration, and what is done with them. Each call brings about a state, and may be made twice. */
import { StageError, type Weights } from "../../stage.ts";
import { replicasIn, settledConfig, sideConfig, trafficConfig, type Replicas } from "./config.ts";
import { attachedStack, layoutOf, type Layout, type SideStack } from "./layout.ts";
import { type Engine, EngineError, type Report, type StackConfig, type StackOutputs } from "./ports.ts";

export interface Stacks {
  readonly layout: Layout;
  /** Of the foundation's last update. */
  foundation(): Promise<StackOutputs>;
  outputs(side: SideStack): Promise<StackOutputs>;
  /** With the policy pack, then for good. @throws StageError */
  deploy(side: SideStack, replicas: Replicas, report: Report): Promise<void>;
  /** Changes a side's counts by hand: null takes one back. Nothing happens where they are so already. */
  scale(side: SideStack, changes: Readonly<Record<string, Replicas[string] | null>>, report: Report): Promise<void>;
  /** Gives all counts back to scaling. */
  release(side: SideStack, report: Report): Promise<void>;
  shift(weights: Weights, report: Report): Promise<void>;
  /** The side goes, and before it what names it: weights first. */
  retire(side: SideStack, report: Report): Promise<void>;
}

/** @throws StageError when the stacks do not fit the migration */
export async function findStacks(engine: Engine, foundation: string, from: string, to: string): Promise<Stacks> {
  const base = await inWords(engine.config(foundation));
  if (base === null)
    throw new StageError(`There is no stack ${foundation}: pulumi up --stack ${foundation} comes first.`);
  const target = (await inWords(engine.outputs(foundation)))["target"];
  const attached: string[] = [];
  for (const side of [from, to]) if (await isUp(engine, attachedStack(foundation, side))) attached.push(side);
  const found = layoutOf(foundation, from, to, { target: typeof target === "string" ? target : null, attached });
  if (!found.ok) {
    throw new StageError(
      found.problems.map((each) => `${each.path}: found ${each.found}; allowed: ${each.allowed}.`).join(" "),
    );
  }
  return stacksOf(engine, found.value);
}

async function isUp(engine: Engine, stack: string): Promise<boolean> {
  return "role" in (await inWords(engine.outputs(stack)));
}

function stacksOf(engine: Engine, layout: Layout): Stacks {
  const { foundation, traffic } = layout;
  const base = async (): Promise<StackConfig> => (await inWords(engine.config(foundation))) ?? {};
  const up = (stack: string, report: Report): Promise<StackOutputs> => inWords(engine.up(stack, report));
  const setReplicas = async (side: SideStack, replicas: Replicas, report: Report): Promise<void> => {
    await inWords(engine.configure(side.stack, sideConfig(await base(), layout, side, replicas)));
    await up(side.stack, report);
  };
  const shift = async (weights: Weights, report: Report): Promise<void> => {
    await inWords(engine.configure(traffic, trafficConfig(await base(), layout, weights)));
    await up(traffic, report);
  };
  return {
    layout,
    foundation: () => inWords(engine.outputs(foundation)),
    outputs: ({ stack }) => inWords(engine.outputs(stack)),
    deploy: async (side, replicas, report) => {
      await inWords(engine.configure(side.stack, sideConfig(await base(), layout, side, replicas)));
      const changes = await inWords(engine.preview(side.stack, report));
      report(`${side.stack}: ${changesText(changes)}; the policies hold`);
      await up(side.stack, report);
    },
    scale: async (side, changes, report) => {
      const now = replicasIn(await inWords(engine.config(side.stack)));
      const wanted = Object.fromEntries(
        Object.entries({ ...now, ...changes }).flatMap(([name, count]) => (count === null ? [] : [[name, count]])),
      );
      // A config that says so does not mean that the update went through: a process may have died between the two.
      await setReplicas(side, wanted, report);
    },
    release: (side, report) => setReplicas(side, {}, report),
    shift,
    retire: async (side, report) => {
      const other = side.side === layout.from.side ? layout.to : layout.from;
      if (side.own) {
        // One side alone, and Pulumi protects them from then on: there are no defaults to fall back to.
        await shift({ [other.side]: 100 }, report);
        await inWords(engine.configure(foundation, settledConfig(await base())));
        await up(foundation, report);
        return;
      }
      // Without weights the defaults take over: the other side's, which is the foundation's own.
      if (await isUp(engine, traffic)) await inWords(engine.destroy(traffic, report));
      if (await isUp(engine, side.stack)) await inWords(engine.destroy(side.stack, report));
    },
  };
}

/** What Pulumi says, as a stage says it. */
async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof EngineError ? new StageError(error.message, { cause: error }) : error;
  }
}

function changesText(changes: Readonly<Record<string, number>>): string {
  const told = Object.entries(changes).flatMap(([kind, count]) =>
    count > 0 && kind !== "same" ? [`${count} to ${kind}`] : [],
  );
  return told.length > 0 ? told.join(", ") : "nothing to change";
}
