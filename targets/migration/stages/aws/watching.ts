/** A window of a migration on AWS: what CloudWatch, the brokers and the probes say together. */
import type { Model } from "../../../../platform/model/types.ts";
import type { SeriesPoint, Weights, Window } from "../../stage.ts";
import { sharedGroups, totalLag } from "../lag.ts";
import type { AwsPorts, Brokers } from "./ports.ts";
import { groupDimension, type SideRoute } from "./routes.ts";
import { queriesFor, samplesBySide, wholeMinutes } from "./samples.ts";

export interface Watching {
  mark(): void;
  window(routes: readonly SideRoute[], weights: Weights): Promise<Window>;
  series(): readonly SeriesPoint[];
}

type Ports = Pick<AwsPorts, "metrics" | "probes" | "clock">;

export function createWatching(
  ports: Ports,
  model: Model,
  brokers: () => Brokers | null,
  to: string,
  from: string,
): Watching {
  const { metrics, probes, clock } = ports;
  const groups = sharedGroups(model.workloads);
  const points: SeriesPoint[] = [];
  let marked = { at: clock.now(), updates: 0 };

  return {
    mark: () => {
      marked = { at: clock.now(), updates: probes.stream().updates };
    },
    window: async (routes, weights) => {
      const minutes = wholeMinutes(marked.at, clock.now());
      const blamed = (weights[to] ?? 0) > 0 ? to : from;
      const nothingYet = minutes.to === minutes.from;
      const series = nothingYet ? new Map() : await metrics.read(queriesFor(routes), minutes.from, minutes.to);
      const sides = nothingYet ? {} : samplesBySide(routes, series, blamed);
      const stream = probes.stream();
      const updates = stream.updates - marked.updates;
      if (!nothingYet && (points.at(-1)?.at ?? 0) < minutes.to) {
        points.push({ at: minutes.to, weights, sides, streamUpdates: updates });
      }
      const connected = brokers();
      return {
        seconds: (minutes.to - minutes.from) / 1000,
        sides,
        streamGaps: stream.gaps,
        streamDoubles: stream.doubles,
        streamUpdates: updates,
        consumerLag: connected ? await totalLag(groups, connected.lag) : null,
        alarms: await alarmsOf(metrics, routes),
      };
    },
    series: () => [...points],
  };
}

/** Those of the sides' own target groups; what else is on in the account is somebody else's night. */
async function alarmsOf(metrics: Ports["metrics"], routes: readonly SideRoute[]): Promise<readonly string[]> {
  const ours = new Set(routes.map(({ targetGroupArn }) => groupDimension(targetGroupArn)));
  const on = await metrics.alarmsOn();
  return on.flatMap(({ name, dimensions }) => (ours.has(dimensions["TargetGroup"] ?? "") ? [name] : []));
}
