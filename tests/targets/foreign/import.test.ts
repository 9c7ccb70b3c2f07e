import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import * as prettier from "prettier";
import ts from "typescript";
import type { Workload } from "../../../platform/model/types.ts";
import { modelFile } from "../../../targets/foreign/import/write.ts";
import { sidesOf } from "../../../targets/foreign/side.ts";
import { importSides } from "../../../targets/foreign/import/model.ts";
import { parseDocuments } from "../../../targets/foreign/documents.ts";
import { kubernetes } from "../../../targets/index.ts";
import { dev, devModel, ROOT, valueOf } from "../../support/stacks.ts";
import { deployment, ECS, importOf, KUBERNETES } from "./support.ts";

const fromEcs = importOf(ECS);
const fromKubernetes = importOf(KUBERNETES);

function workloadOf(imported: typeof fromEcs, name: string) {
  const found = imported.workloads.find((each) => each.workload.name === name);
  if (!found) throw new Error(`No workload ${name}`);
  return found;
}

function remarksOf(imported: typeof fromEcs, name: string): string {
  return workloadOf(imported, name)
    .remarks.map(({ sentence }) => sentence)
    .join("\n");
}

describe("a model that is made of files", () => {
  it("has an ECS service with several containers as its main one is", () => {
    const wanted: Workload = {
      kind: "service",
      name: "shop-web",
      slug: "web",
      image: { build: "web" },
      command: ["node", "server.js"],
      compute: {
        cpu: 896,
        cpuCap: "burst",
        memory: 2560,
        on: { pool: "general" },
        purchase: "onDemand",
        architecture: "arm64",
      },
      env: { CHECKOUT_URL: "http://checkout:8080", LOG_LEVEL: "info", NODE_ENV: "production" },
      uses: [
        { as: "DATABASE", to: { kind: "postgres", name: "shop-database" }, access: "readwrite" },
        { as: "SESSION", to: { kind: "secret", name: "shop-session" }, access: "read" },
        { as: "STRIPE_API_KEY", to: { kind: "secret", name: "shop-web-stripe-api-key" }, access: "read" },
      ],
      shutdown: { drain: 0, stopTimeout: 30 },
      interruptible: false,
      port: { number: 8080, protocol: "http" },
      probes: {
        live: { path: "/healthz", interval: 15, timeout: 3, failures: 4 },
        ready: { path: "/healthz", interval: 15, timeout: 3, failures: 4 },
        grace: 30,
      },
      scaling: { min: 2, desired: 4, max: 10, out: 30, in: 300, on: [{ cpu: 60 }] },
      rollout: { strategy: "surge", minHealthy: 50, max: 200 },
    };
    expect(workloadOf(fromEcs, "shop-web").workload).to.deep.equal(wanted);
  });

  it("has a remark for each thing that it could not say", () => {
    expect(remarksOf(fromEcs, "shop-web"))
      .to.match(/limits of the kernel's/)
      .and.match(/only 2048 MiB of its memory are reserved/)
      .and.match(/runs as user 1000/)
      .and.match(/init container, migrate/)
      .and.match(/sidecar, log-router/)
      .and.match(/entry point stands \["\/usr\/bin\/tini","--"\]/)
      .and.match(/STRIPE_API_KEY stands in the files as plain text/)
      .and.match(/the ready probe, as the other one is; its load balancer's target group/)
      .and.match(/CHECKOUT_URL leads to checkout, which is in no file/);
    expect(remarksOf(fromEcs, "thumbnails"))
      .to.match(/names of neighbours in the task \(links\)/)
      .and.match(/volumes at \/scratch/)
      .and.match(/without a limit/)
      .and.match(/left out: cache\.size="64"/)
      .and.match(/not understood: .*turboMode/);
  });

  it("has a Helm chart's Deployment, its autoscaler, its Ingress and its ConfigMap in one workload", () => {
    const { workload } = workloadOf(fromKubernetes, "shop-web");
    expect(fromKubernetes.model.project).to.equal("shop");
    expect(workload).to.deep.include({
      kind: "service",
      slug: "web",
      env: { CHECKOUT_URL: "http://checkout:8080", LOG_LEVEL: "debug", NODE_ENV: "production" },
      route: { paths: ["/*"] },
      shutdown: { drain: 10, stopTimeout: 20 },
      scaling: { min: 2, desired: 2, max: 8, out: 15, in: 300, on: [{ cpu: 60 }] },
      // 25 % of two is none, and the model needs room for one.
      rollout: { strategy: "surge", minHealthy: 75, max: 150 },
    });
    expect(workload.uses).to.deep.equal([
      { as: "DATABASE", to: { kind: "postgres", name: "database" }, access: "readwrite" },
      { as: "SESSION", to: { kind: "secret", name: "shop-web-session-secret" }, access: "read" },
    ]);
  });

  it("has a CronJob as a job, with Kubernetes' own defaults", () => {
    const { workload } = workloadOf(fromKubernetes, "shop-report");
    expect(workload).to.deep.include({
      kind: "job",
      trigger: { schedule: "15 2 * * *" },
      attempts: 7,
      command: ["(hidden: it looks like a secret)", "--day", "yesterday"],
    });
    expect(workload.compute).to.include({ cpu: 102, memory: 954 });
    expect(remarksOf(fromKubernetes, "shop-report"))
      .to.match(/Europe\/Berlin/)
      .and.match(/3600 s/);
  });

  it("has a bare pod's worker on spot nodes", () => {
    const { workload } = workloadOf(fromKubernetes, "thumbnails");
    expect(workload).to.deep.include({
      kind: "worker",
      scaling: { singleton: true },
      rollout: { strategy: "replaceOneByOne" },
      interruptible: true,
      env: { REDIS_HOST: "localhost" },
    });
    expect(workload.compute).to.deep.include({ cpu: 512, cpuCap: "burst", purchase: "spot", memory: 489 });
    expect(remarksOf(fromKubernetes, "thumbnails"))
      .to.match(/probed by tcpSocket/)
      .and.match(/left out: SIZES/);
  });

  it("keeps no secret's value", () => {
    for (const each of [fromEcs, fromKubernetes]) {
      expect(JSON.stringify(each)).to.not.match(/never-print|plain-text-key-4711/);
      expect(modelFile(each, [], "./types.ts")).to.not.match(/never-print|plain-text-key-4711/);
    }
  });

  it("says why it can not run as it stands", () => {
    const twoPorts = ["one", "two"].map((name) => {
      const labels = { app: name };
      const service = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name },
        spec: { selector: labels, ports: [{ port: 80 }] },
      };
      const base = deployment({ ports: [{ containerPort: 80 }] });
      const template = {
        metadata: { labels },
        spec: { containers: [{ name, image: `${name}:1`, ports: [{ containerPort: 80 }] }] },
      };
      return [service, { ...base, metadata: { name }, spec: { selector: { matchLabels: labels }, template } }];
    });
    const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: twoPorts.flat() });
    const imported = importSides(valueOf(sidesOf(valueOf(parseDocuments("file", text)), ["file"])));
    expect(imported.problems.map(({ code }) => code)).to.deep.equal(["port-taken"]);
    expect(modelFile(imported, ["file"], "./types.ts")).to.match(
      /can not run as it stands: services\.two\.port\.number/,
    );
  });
});

/** Wherever the file lies. */
const TYPES = resolve(ROOT, "platform/model/types.ts");

describe("the model file", () => {
  const compiled = valueOf(kubernetes.compile(devModel, dev)).units;
  const own = importSides(
    valueOf(
      sidesOf(
        Object.entries(compiled).map(([file, value]) => ({ file, number: 1, value })),
        [],
      ),
    ),
  );
  const imports = { ecs: fromEcs, kubernetes: fromKubernetes, own };

  for (const [name, imported] of Object.entries(imports)) {
    const text = modelFile(imported, ["a.json", "b.yaml"], TYPES);

    it(`of ${name} is formatted as the repository is`, async () => {
      const options = { parser: "typescript", printWidth: 120, trailingComma: "all" } as const;
      expect(await prettier.format(text, options)).to.equal(text);
    });

    it(`of ${name} is the model, once it is loaded`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "foreign-"));
      try {
        writeFileSync(join(folder, "model.ts"), text);
        const loaded = (await import(join(folder, "model.ts"))) as { readonly imported: unknown };
        expect(loaded.imported).to.deep.equal(imported.model);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it("is type-correct", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "foreign-"));
    try {
      const files = Object.entries(imports).map(([name, imported]) => {
        const path = join(folder, `${name}.ts`);
        writeFileSync(path, modelFile(imported, [], TYPES));
        return path;
      });
      const program = ts.createProgram(files, {
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ES2022,
        types: [],
      });
      const messages = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
      expect(messages).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lets no text of a file's out of a comment", () => {
    const name = "x */ process.exit(1) //\n evil";
    const text = modelFile(fromEcs, [name], "./types.ts");
    expect(text.slice(0, text.indexOf("import type")).match(/\*\//g)).to.have.length(1);
  });
});
