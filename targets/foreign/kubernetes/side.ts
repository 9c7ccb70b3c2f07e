/** All that the manifests say, a reading for each workload. */
import { neutralUrl, type Hosts } from "../hosts.ts";
import type { Log } from "../log.ts";
import type { Side } from "../seen.ts";
import type { Manifest } from "../sort.ts";
import { readController, type Controller } from "./controllers.ts";
import { NO_SOURCES } from "./environment.ts";
import { newLog } from "../log.ts";
import { readObjects, type Objects } from "./objects.ts";
import { readingOf } from "./workload.ts";

export function kubernetesSide(manifests: readonly Manifest[], log: Log): Side {
  const objects = readObjects(manifests, log);
  // Twice: addresses are known once it is known what listens behind each Service.
  const first = readAll(
    objects,
    () => NO_SOURCES,
    (value) => value,
    newLog(),
  );
  const hosts = hostsOf(first, objects);
  const controllers = readAll(
    objects,
    () => objects.sources,
    (value) => neutralUrl(value, hosts),
    log,
  );
  const mine = controllers.filter((each) => !isMadeOrTested(each, log));
  return { source: "kubernetes", readings: mine.map((each) => readingOf(each, objects)), notes: log.notes };
}

function readAll(
  { controllers }: Objects,
  sources: () => Objects["sources"],
  neutral: (value: string) => string,
  log: Log,
): readonly Controller[] {
  return controllers.flatMap((each) => readController(each, { sources: sources(), neutral }, log) ?? []);
}

/** A Job that a CronJob made is one of its runs; a chart's test is none of the platform's. */
function isMadeOrTested({ where, metadata }: Controller, log: Log): boolean {
  const test = (metadata.annotations.get("helm.sh/hook") ?? "").startsWith("test");
  if (metadata.owner === null && !test) return false;
  const sentence = test ? "a test of a chart's" : `made by ${metadata.owner ?? ""}`;
  log.notes.push({ kind: "setAside", where, field: "", sentence });
  return true;
}

function hostsOf(controllers: readonly Controller[], { services }: Objects): Hosts {
  return new Map(
    services.flatMap(({ name, selects, ports }) => {
      const behind = controllers.find(({ pod }) => selects(pod.labels));
      if (!behind) return [];
      const named = new Map(behind.pod.containers.flatMap(({ portNames }) => [...portNames]));
      const listens = ports.map(
        ({ port, target }) => [port, named.get(String(target)) ?? (Number(target) || port)] as const,
      );
      return [[name, { workload: behind.metadata.name, ports: new Map(listens) }] as const];
    }),
  );
}
