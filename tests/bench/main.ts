/** `npm run bench`: ratios within one run, for this machine and the next are never the same. */
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { COMPILERS, compileModel, parityOf } from "../../targets/stack.ts";
import { ROOT, valueOf } from "../support/stacks.ts";
import { modelOf, roomy } from "./model.ts";

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

function growth(): void {
  const measured = [10, 100, 1000].map((services) => {
    const times = Array.from({ length: RUNS }, () => {
      const model = modelOf(services);
      const start = performance.now();
      parityOf(valueOf(compileModel(model, roomy, COMPILERS)));
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
console.log(`\ncompile every target, read all back, compare (in process, median of ${RUNS})`);
growth();
