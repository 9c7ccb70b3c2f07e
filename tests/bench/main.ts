/** `npm run bench`: ratios within one run, for this machine and the next are never the same. */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { Model, Workload } from "../../platform/model/types.ts";
import { COMPILERS, compileModel, parityOf } from "../../targets/stack.ts";
import { dev, devModel, ROOT, valueOf } from "../support/stacks.ts";

const RUNS = 9;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function wall(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
}

/** A whole process of ours and one that only imports Pulumi's SDK, in turn, so that a slow second meets both. */
function paired(name: string, args: readonly string[], baseline: readonly string[]): void {
  wall(args);
  wall(baseline);
  const pairs = Array.from({ length: RUNS }, () => ({ ours: wall(args), theirs: wall(baseline) }));
  const ours = median(pairs.map((pair) => pair.ours));
  const theirs = median(pairs.map((pair) => pair.theirs));
  const ratio = median(pairs.map((pair) => pair.ours / pair.theirs));
  console.log(
    `${name.padEnd(28)} ${ours.toFixed(0).padStart(6)} ms   ${theirs.toFixed(0).padStart(6)} ms   × ${ratio.toFixed(2)}`,
  );
}

/** The catalogue's API, again and again, under other names. */
function modelOf(services: number): Model {
  const api = devModel.workloads.find((each) => each.name === "api-service");
  if (api?.kind !== "service") throw new Error("the catalogue has no api-service");
  const workloads = Array.from({ length: services }, (_, index): Workload => {
    const { port } = api;
    return {
      ...api,
      name: `service-${index}`,
      slug: `s-${index}`,
      port: { ...port, number: 10_000 + index },
      route: { paths: [`/s-${index}`] },
      // A chain of calls: what is quadratic anywhere shows here.
      uses:
        index === 0
          ? api.uses
          : [...api.uses, { as: "NEXT", to: { kind: "service", name: `service-${index - 1}` }, access: "call" }],
    };
  });
  return { ...devModel, workloads };
}

function growth(): void {
  const measured = [10, 100, 1000].map((services) => {
    const times = Array.from({ length: RUNS }, () => {
      const model = modelOf(services);
      const start = performance.now();
      parityOf(valueOf(compileModel(model, dev, COMPILERS)));
      return performance.now() - start;
    });
    return { services, milliseconds: median(times) };
  });
  for (const { services, milliseconds } of measured) {
    const each = ((milliseconds * 1000) / services).toFixed(0);
    console.log(
      `${String(services).padStart(6)} services ${milliseconds.toFixed(1).padStart(8)} ms   ${each.padStart(5)} µs a service`,
    );
  }
}

const SDK = ["-e", "import('@pulumi/pulumi')"];
console.log(`whole process, median of ${RUNS} pairs   ours      import of @pulumi/pulumi`);
paired("compile --stack dev", ["cli.mjs", "compile", "--stack", "dev"], SDK);
paired("parity --stack dev", ["cli.mjs", "parity", "--stack", "dev"], SDK);
console.log(`\ncompile both targets, read both back, compare (in process, median of ${RUNS})`);
growth();
