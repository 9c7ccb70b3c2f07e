/** Who gets which requests, in an ALB's own terms: bands of rule priorities for trial, traffic and default. */
import type { Router } from "../../../local/router/index.ts";
import { StageError, type Weights } from "../../stage.ts";

/** The lowest number decides: a trial request before the weights, the weights before the default. */
const BANDS = { trial: 100, traffic: 1000, defaults: 10_000 } as const;

export interface RoutedGroup {
  readonly workload: string;
  readonly group: string;
  readonly routes: readonly string[];
}

export interface Routing {
  /** Everything to one side, by the default rules, as a stack of its own has it. */
  defaultTo(groups: readonly RoutedGroup[]): void;
  /** Trial rules for a new side and weighted rules above the defaults, all weight still on the old one. */
  attach(from: string, to: string, oldGroups: readonly RoutedGroup[], newGroups: readonly RoutedGroup[]): void;
  /** Takes away every rule that names the side's groups; the defaults stay with whoever has them. */
  detach(): void;
  shift(weights: Weights): void;
  /** As the rules have them. @throws StageError when rules disagree: somebody else set one */
  weights(): Weights;
}

export function createRouting(router: Router, trialHeader: { readonly name: string; readonly value: string }): Routing {
  /** Priority of a weighted rule → side → group. */
  const weighted = new Map<number, Readonly<Record<string, string>>>();
  let trials: number[] = [];
  let defaults: readonly { readonly priority: number; readonly group: RoutedGroup }[] = [];
  let carrying = "";

  return {
    defaultTo: (groups) => {
      for (const { priority } of defaults) router.removeRule(priority);
      defaults = groups.map((group, index) => ({ priority: BANDS.defaults + index, group }));
      for (const { priority, group } of defaults) {
        router.addRule({ priority, paths: group.routes, forward: [{ group: group.group, weight: 1 }] });
      }
      carrying = sideOfGroup(groups[0]);
    },
    attach: (from, to, oldGroups, newGroups) => {
      newGroups.forEach((fresh, index) => {
        const trial = BANDS.trial + index;
        router.addRule({
          priority: trial,
          paths: fresh.routes,
          header: trialHeader,
          forward: [{ group: fresh.group, weight: 1 }],
        });
        trials.push(trial);
        const old = oldGroups.find(({ workload }) => workload === fresh.workload);
        if (!old) throw new StageError(`${to} routes ${fresh.workload}, which ${from} does not.`);
        const priority = BANDS.traffic + index;
        router.addRule({
          priority,
          paths: fresh.routes,
          forward: [
            { group: old.group, weight: 100 },
            { group: fresh.group, weight: 0 },
          ],
        });
        weighted.set(priority, { [from]: old.group, [to]: fresh.group });
      });
    },
    detach: () => {
      for (const priority of [...trials, ...weighted.keys()]) router.removeRule(priority);
      trials = [];
      weighted.clear();
    },
    shift: (weights) => {
      for (const [priority, groups] of weighted) {
        const byGroup = Object.entries(groups).map(([side, group]) => [group, weights[side] ?? 0] as const);
        router.setWeights(priority, Object.fromEntries(byGroup));
      }
    },
    weights: () => {
      const read = [...weighted].map(([priority, groups]) => {
        const live = router.weights(priority);
        return Object.fromEntries(Object.entries(groups).map(([side, group]) => [side, live[group] ?? 0]));
      });
      const [first] = read;
      if (!first) return { [carrying]: 100 };
      const texts = new Set(read.map((weights) => JSON.stringify(weights)));
      if (texts.size > 1) throw new StageError(`The rules disagree about the weights: ${[...texts].join(" and ")}.`);
      return first;
    },
  };
}

/** Target groups of this stage are named `<side>-<workload>`. */
function sideOfGroup(group: RoutedGroup | undefined): string {
  return group ? group.group.slice(0, -`-${group.workload}`.length) : "";
}
