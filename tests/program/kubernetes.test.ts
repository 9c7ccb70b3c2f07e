/** The Kubernetes side of the program: each manifest a typed resource, in the order in which they need each other. */
import { expect } from "chai";
import { compileStack } from "../../targets/stack.ts";
import { runProgram } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

interface Unit {
  readonly manifests: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

describe("the program's Kubernetes side", () => {
  let run: Run;
  before(async () => {
    run = await runProgram("dev", { config: { "cryptotracker:target": "kubernetes" } });
  });

  function find(kind: string, name: string): Registered {
    const match = run.resources.find(
      (each) => each.type.endsWith(`:${kind}`) && isKubernetes(each) && each.name === name,
    );
    if (!match) throw new Error(`No ${kind} called ${name}.`);
    return match;
  }

  it("has a resource for every compiled manifest and no other", () => {
    const compiled = compileStack(".", "dev", ["kubernetes"]);
    if (!compiled.ok) throw new Error("dev does not compile");
    const [form] = compiled.value.forms;
    const wanted = [...Object.values(form?.units ?? {}), form?.shared]
      .flatMap((unit) => (unit as Unit).manifests)
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const made = run.resources.filter(isKubernetes).map(({ type, name }) => `${type.split(":").at(-1) ?? ""}/${name}`);
    expect(made).to.have.members(wanted);
  });

  it("keeps the seed's figures", () => {
    const text = JSON.stringify(find("Deployment", "api-service").inputs["spec"]);
    expect(text).to.contain('"requests":{"cpu":"1","ephemeral-storage":"1Gi","memory":"2Gi"}');
    expect(text).to.contain('"containerPort":3001');
    expect(find("HorizontalPodAutoscaler", "api-service").inputs["spec"]).to.include({
      minReplicas: 2,
      maxReplicas: 20,
    });
  });

  it("refers to secrets by name and says where their values are", () => {
    const text = JSON.stringify(find("Deployment", "api-service").inputs["spec"]);
    expect(text).to.contain('"secretKeyRef":{"key":"url","name":"database-url"}');
    expect(run.resources.filter((each) => isKubernetes(each) && each.type.endsWith(":Secret"))).to.deep.equal([]);
    const { secrets } = run.outputs["outputs"] as { secrets: Record<string, string> };
    expect(Object.keys(secrets)).to.deep.equal(["database-url", "jwt-signing", "redis-url", "smtp"]);
    for (const arn of Object.values(secrets)) expect(arn).to.match(/^arn:aws:secretsmanager:/);
  });

  it("runs the migrations to their end before any deployment", () => {
    const migrations = find("Job", "migrations");
    expect(find("Deployment", "api-service").dependsOn).to.include(migrations.urn);
    expect(annotations(migrations)).to.include({ "pulumi.com/replaceUnready": "true" });
  });

  it("closes the namespace before anything starts in it", () => {
    expect(find("Job", "migrations").dependsOn).to.include(find("NetworkPolicy", "api-service").urn);
    expect(find("NetworkPolicy", "api-service").dependsOn).to.include(find("NetworkPolicy", "default-deny").urn);
  });

  it("waits for pods, not for Services and Ingresses, which wait for pods themselves", () => {
    for (const kind of ["Service", "Ingress"]) {
      expect(annotations(find(kind, "api-service"))).to.include({ "pulumi.com/skipAwait": "true" });
    }
    expect(annotations(find("Deployment", "api-service"))).not.to.have.property("pulumi.com/skipAwait");
  });

  it("leaves the load balancer's listener at 404: the cluster's own ingress routes", () => {
    expect(run.resources.filter(({ type }) => type.endsWith(":ListenerRule"))).to.deep.equal([]);
  });

  it("lets the private subnets, where pods run, reach the stores and nothing else in", () => {
    const admitted = run.resources.filter(({ name }) => name.includes("-cluster-"));
    expect(new Set(admitted.map(({ inputs }) => inputs["toPort"]))).to.deep.equal(new Set([443, 5432, 6379, 9098]));
    for (const { inputs } of admitted) expect(inputs["cidrIpv4"]).to.match(/^10\.20\.\d+\.0\/19$/);
  });
});

function isKubernetes({ type }: Registered): boolean {
  return type.startsWith("kubernetes:");
}

function annotations({ inputs }: Registered): Readonly<Record<string, string>> {
  return (inputs["metadata"] as { annotations?: Record<string, string> }).annotations ?? {};
}
