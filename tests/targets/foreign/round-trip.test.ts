import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import type { Model, Workload } from "../../../platform/model/types.ts";
import { importLosses } from "../../../targets/foreign/import/losses.ts";
import { importSides } from "../../../targets/foreign/import/model.ts";
import type { Side } from "../../../targets/foreign/seen.ts";
import { sidesOf } from "../../../targets/foreign/side.ts";
import { ecs, kubernetes } from "../../../targets/index.ts";
import { dev, devModel, valueOf } from "../../support/stacks.ts";
import { models } from "./models.ts";

const TARGETS = { ecs, kubernetes } as const;

/** The workloads that come back when a model is compiled and its files are read as anybody's; undefined: refused. */
function roundTrip(model: Model, form: Side["source"]): readonly Workload[] | undefined {
  const compiled = TARGETS[form].compile(model, dev);
  if (!compiled.ok) return undefined;
  const documents = Object.entries(compiled.value.units).map(([name, unit]) => {
    const value: unknown = JSON.parse(JSON.stringify(unit));
    return { file: `${name}.json`, number: 1, value };
  });
  return importSides(valueOf(sidesOf(documents, []))).model.workloads;
}

interface Difference {
  readonly path: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/** Where two values differ, at the deepest mapping that both have. */
function differences(wanted: unknown, found: unknown, path: string): readonly Difference[] {
  if (isDeepStrictEqual(wanted, found)) return [];
  if (!isMapping(wanted) || !isMapping(found)) return [{ path, wanted, found }];
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].flatMap((name) => differences(wanted[name], found[name], path === "" ? name : `${path}.${name}`));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Differences that no declared loss accepts. */
function undeclared(wanted: Workload, found: Workload | undefined, form: Side["source"]) {
  if (!found) return [{ path: "", wanted: wanted.name, found: "nothing" }];
  return differences(wanted, found, "").filter(
    ({ path }) =>
      !importLosses.some(
        (loss) =>
          (path === loss.path || path.startsWith(`${loss.path}.`)) &&
          loss.forms.includes(form) &&
          loss.accepts(wanted, found, form),
      ),
  );
}

function findings(model: Model, form: Side["source"]) {
  const imported = roundTrip(model, form);
  return (
    imported &&
    model.workloads.flatMap((each) =>
      undeclared(
        each,
        imported.find(({ name }) => name === each.name),
        form,
      ),
    )
  );
}

describe("a model that is compiled and imported", () => {
  for (const form of ["ecs", "kubernetes"] as const) {
    it(`comes back from ${form} but for the declared losses`, function () {
      this.timeout(120_000);
      let taken = 0;
      fc.assert(
        fc.property(models, (model) => {
          const found = findings(model, form);
          fc.pre(found !== undefined);
          // As text: a difference of a run among hundreds has to name itself.
          const text = found.map((each) => JSON.stringify(each)).join("\n");
          expect(text, text).to.equal("");
          taken++;
        }),
        { numRuns: 300, maxSkipsPerRun: 50 },
      );
      expect(taken).to.be.at.least(300);
    });
  }

  it("notices every field that comes back otherwise", () => {
    const [api] = devModel.workloads;
    if (api?.kind !== "service") throw new Error("The catalogue begins with a service");
    const imported = roundTrip(devModel, "ecs")?.find(({ name }) => name === api.name);
    if (imported?.kind !== "service") throw new Error("It comes back as a service");
    const slips: readonly [string, Workload][] = [
      ["compute.cpu", { ...imported, compute: { ...imported.compute, cpu: 2048 } }],
      ["compute.memory", { ...imported, compute: { ...imported.compute, memory: 4096 } }],
      ["port.number", { ...imported, port: { ...imported.port, number: 1 } }],
      ["scaling.max", { ...imported, scaling: { ...imported.scaling, max: 21 } }],
      [
        "probes.ready.path",
        { ...imported, probes: { ...imported.probes, ready: { ...imported.probes.ready, path: "/x" } } },
      ],
      ["shutdown.drain", { ...imported, shutdown: { ...imported.shutdown, drain: 0 } }],
      ["uses", { ...imported, uses: imported.uses.slice(1) }],
      ["env.NODE_ENV", { ...imported, env: { ...imported.env, NODE_ENV: "test" } }],
      ["route.paths", { ...imported, route: { paths: [] } }],
      ["rollout.max", { ...imported, rollout: { strategy: "surge", minHealthy: 100, max: 150 } }],
    ];
    for (const [path, slip] of slips) {
      expect(
        undeclared(api, slip, "ecs").map((each) => each.path),
        path,
      ).to.deep.equal([path]);
    }
  });

  it("declares each loss with a sentence, once for each path", () => {
    const keys = importLosses.map(({ code, path }) => `${code} ${path}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const { because } of importLosses) expect(because).to.match(/\.$/);
  });
});
