/** The stage on AWS, with everything real behind it. Loaded only where a rehearsal asks for it. */
import { join } from "node:path";
import type { Problem } from "../../platform/model/types.ts";
import type { Holder, Lock } from "../migration/lock.ts";
import { createRealPorts } from "../migration/stages/aws/adapters/index.ts";
import { takeParameterLock } from "../migration/stages/aws/adapters/lock-parameter.ts";
import { createAwsStage, runPreflight } from "../migration/stages/aws/index.ts";
import type { Stage } from "../migration/stage.ts";
import type { CompiledStack } from "../stack.ts";

export interface AwsRehearsal {
  readonly root: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly compiled: CompiledStack;
  readonly policies: () => Promise<readonly Problem[]>;
  /** It goes on where a process died, which may have left Pulumi's own lock behind. */
  readonly takeOver: boolean;
  readonly signal: AbortSignal;
}

export interface OnAws {
  readonly stage: Stage;
  take(holder: Holder): Promise<Lock>;
  end(): void;
}

/** Thin enough for a dev stack's API gateway, which answers 429 above 200 a second. */
export const PROBES = { readsPerSecond: 20, writesPerSecond: 2, subscribers: 6 } as const;

export async function onAws(rehearsal: AwsRehearsal): Promise<OnAws> {
  const { root, stack, from, to, compiled, policies, takeOver, signal } = rehearsal;
  const { model, settings } = compiled;
  const { ports, locks, end } = await createRealPorts({
    ...{ root, signal, takeOver, region: settings.region, rates: PROBES, products: settings.feed.products },
    policies: { pack: join(root, "policies"), config: join(root, "policies", `config.${stack}.json`) },
  });
  const preflight = (report: (line: string) => void) =>
    runPreflight({ stack, from, to, compiled, policies }, ports, report);
  return {
    stage: createAwsStage({ stack, from, to, model, signal, preflight }, ports),
    take: (holder) => takeParameterLock(locks, stack, holder, isAlive),
    end,
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
