/** Lets a fault strike once, when the new side first carries its share, and waits for its end where others would meet it. */
import type { Percent } from "../../../../platform/model/types.ts";
import { messageOf } from "../../../local/errors.ts";
import type { Premises, Strike } from "../../../local/faults/index.ts";
import { StageError } from "../../stage.ts";

export interface Striking {
  /** Tells the share of the new side; never waits for the strike, as no load balancer does. */
  shifted(share: Percent): void;
  /** Resolves when no strike is under way. @throws StageError when what must follow it did not */
  over(): Promise<void>;
  /** When it struck, Unix time in milliseconds; null when it has not. */
  at(): number | null;
  /** What it did, each with the seconds since it struck; empties itself. */
  takeLines(): readonly string[];
}

/** `premises` is asked for once, at the strike. */
export function createStriking(
  strike: Strike | null,
  premises: (report: (line: string) => void) => Premises,
): Striking {
  let struckAt: number | null = null;
  let under: Promise<string | null> = Promise.resolve(null);
  let lines: string[] = [];
  const now = (): number => performance.timeOrigin + performance.now();
  return {
    shifted: (share) => {
      if (!strike || struckAt !== null || share < strike.share) return;
      const since = now();
      struckAt = since;
      const report = (line: string): void => {
        lines.push(`fault: ${line} (after ${((now() - since) / 1000).toFixed(1)} s)`);
      };
      under = strike.run(premises(report)).then(
        () => null,
        (error: unknown) => messageOf(error),
      );
    },
    over: async () => {
      const failure = await under;
      if (failure !== null) throw new StageError(`The fault did not end as it must: ${failure}`);
    },
    at: () => struckAt,
    takeLines: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}
