/** The EKS side of the program: what became of each compiled unit, and in which order it comes. */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { readStackFile } from "../../platform/settings.ts";
import type { EksShared, EksUnit } from "../../targets/eks/forms.ts";
import { eks } from "../../targets/index.ts";
import type { Compiled } from "../../targets/target.ts";
import { plain, unmarked } from "./support/marks.ts";
import { madeBefore } from "./support/order.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

const RULE = "lb/listenerRule:ListenerRule";
const POLICY = "iam/rolePolicy:RolePolicy";
const ASSOCIATION = "eks/podIdentityAssociation:PodIdentityAssociation";

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

for (const stack of ["dev", "prod"]) {
  describe(`the program's EKS side, ${stack}`, function () {
    this.timeout(120_000);
    const form = compiled(stack);
    let onEks: Run;
    let onEcs: Run;
    before(async () => {
      [onEks, onEcs] = await Promise.all([
        runProgram(stack, { config: { "cryptotracker:target": "eks" } }),
        runProgram(stack, { config: { "cryptotracker:target": "ecs" } }),
      ]);
      expect(onEks.error).to.equal(undefined);
    });

    const inCluster = (kind: string, name: string): Registered => {
      const found = kubernetes(onEks).filter((each) => each.type.endsWith(`:${kind}`) && nameOf(each) === name);
      const [only] = found;
      if (!only || found.length > 1) throw new Error(`${found.length} of ${kind} ${name}.`);
      return only;
    };
    const comesAfter = (later: Registered, ...earlier: readonly Registered[]) => {
      expect([...madeBefore(onEks, later)], later.name).to.include.members(earlier.map(({ urn }) => urn));
    };

    it("makes each compiled manifest once, with the kind, the name and the fields that it has", () => {
      const manifests = [...Object.values(form.units), form.shared].flatMap((unit) => unit.manifests);
      expect(manifests.length).to.be.greaterThan(100);
      for (const { kind, metadata, ...rest } of manifests) {
        const { inputs } = inCluster(kind, metadata?.name ?? "");
        expect(inputs["metadata"]).to.deep.include({ name: metadata?.name, labels: metadata?.labels });
        const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
        expect(Object.keys(inputs)).to.include.members(fields.map(([key]) => key));
      }
    });

    it("lets the pods of each service do what its ECS tasks may, as deployed, to the letter", () => {
      for (const name of Object.keys(form.units)) {
        const onTasks = statements(onEcs, `${name}-task`);
        expect(statements(onEks, `${name}-pod`), name).to.deep.equal(onTasks);
        expect(ofType(onEks, ASSOCIATION).some((each) => each.name === name)).to.equal(onTasks.length > 0);
      }
    });

    it("opens a workload's secrets to its own role, exactly as its ECS execution role has them", () => {
      const opening = ({ Action }: Statement) =>
        Action.some((action) => action.startsWith("secretsmanager:") || action.startsWith("kms:"));
      const names = Object.entries(form.units).flatMap(([name, { secretsRole }]) => (secretsRole ? [name] : []));
      expect(names).to.include("api-service");
      for (const name of names) {
        const wanted = statements(onEcs, `${name}-execution`).filter(opening);
        expect(wanted).to.have.length(2);
        expect(statements(onEks, `${name}-secrets`)).to.deep.equal(wanted);
      }
    });

    it("gives a pod's role to one service account of this cluster, a secrets' role to External Secrets alone", () => {
      const pod = trusted(onEks, "api-service-pod", "websocket-service-pod");
      expect(pod["websocket-service-pod"]).to.deep.include({
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      });
      expect(pod["websocket-service-pod"]?.Condition?.["StringEquals"]).to.include({
        "aws:RequestTag/kubernetes-namespace": "cryptotracker",
        "aws:RequestTag/kubernetes-service-account": "websocket-service",
      });
      const cluster = one(onEks, ASSOCIATION, "websocket-service").inputs["clusterName"];
      expect(pod["websocket-service-pod"]?.Condition?.["StringEquals"]?.["aws:RequestTag/eks-cluster-name"]).to.equal(
        cluster,
      );
      expect(one(onEks, ASSOCIATION, "websocket-service").inputs).to.include({
        namespace: "cryptotracker",
        serviceAccount: "websocket-service",
        roleArn: "arn:aws:iam::123456789012:role/websocket-service-pod",
      });
      const secrets = trusted(onEks, "api-service-secrets")["api-service-secrets"];
      expect(secrets?.Principal).to.deep.equal({ AWS: "arn:aws:iam::123456789012:role/external-secrets-pod" });
      const [assumes] = statements(onEks, "external-secrets-pod");
      expect(assumes?.Resource).to.include("arn:aws:iam::123456789012:role/api-service-secrets");
    });

    it("starts operators with their credentials, and what needs their definitions after them", () => {
      const operators = kubernetes(onEks).filter(({ type }) => type.startsWith("kubernetes:helm.sh/"));
      expect(operators.length).to.be.greaterThan(0);
      const identities = ["external-secrets", "keda"].map((name) => one(onEks, ASSOCIATION, name));
      const custom = kubernetes(onEks).filter(({ type }) => /(external-secrets|keda|elbv2|vpcresources)/.test(type));
      expect(custom.length).to.be.greaterThan(30);
      for (const each of custom) comesAfter(each, ...operators, ...identities);
    });

    it("closes the namespace before anything starts in it", () => {
      const namespace = inCluster("Namespace", "cryptotracker");
      const deny = inCluster("NetworkPolicy", "default-deny");
      for (const each of starting(onEks)) comesAfter(each, namespace, deny);
    });

    it("starts a pod when it is fenced, has its credentials and its secrets, and the migrations are done", () => {
      const migrations = inCluster("Job", "migrations");
      for (const each of starting(onEks)) {
        const name = nameOf(each);
        comesAfter(
          each,
          inCluster("ServiceAccount", name),
          inCluster("NetworkPolicy", name),
          inCluster("SecurityGroupPolicy", name),
          ...ofType(onEks, ASSOCIATION).filter((association) => association.name === name),
          ...ofType(onEks, POLICY).filter((policy) => [`${name}-pod`, `${name}-secrets`].includes(policy.name)),
          ...kubernetes(onEks).filter(
            (secret) => secret.type.endsWith(":ExternalSecret") && nameOf(secret).startsWith(`${name}-`),
          ),
          ...onEks.resources.filter(({ type, name: rule }) => isRule(type) && rule.includes(`${name}-eks-`)),
          ...(each === migrations ? [] : [migrations]),
        );
      }
    });

    it("makes a group known to the listener, and binds it, before the pods whose readiness waits for it", () => {
      const routed = Object.entries(form.units).flatMap(([name, { targetGroup }]) => (targetGroup ? [name] : []));
      expect(routed).to.include.members(["api-service", "websocket-service"]);
      for (const name of routed) {
        const trials = ofType(onEks, RULE).filter((rule) => rule.name.startsWith(`trial-eks-${name}`));
        const [action] = (trials[0]?.inputs["actions"] ?? []) as { targetGroupArn: string }[];
        const binding = inCluster("TargetGroupBinding", name);
        comesAfter(binding, inCluster("Service", name));
        comesAfter(inCluster("Deployment", name), binding, ...trials);
        expect(binding.inputs["spec"]).to.include({ targetGroupARN: action?.targetGroupArn });
        expect(action?.targetGroupArn).to.match(/TargetGroup\/cryptotracker-[a-z]+-eks$/);
      }
    });

    it("routes users only once every Deployment is ready", () => {
      const defaults = ofType(onEks, RULE).filter(({ name }) => name.startsWith("default-"));
      expect(defaults.map(({ name }) => name)).to.have.members(
        ofType(onEcs, RULE).flatMap(({ name }) => (name.startsWith("default-") ? [name] : [])),
      );
      const deployments = kubernetes(onEks).filter(({ type }) => type.endsWith(":Deployment"));
      for (const rule of defaults) {
        expect(rule.dependsOn).to.include.members(deployments.map(({ urn }) => urn));
      }
    });

    it("waits for pods and for secrets, not for Services, whose endpoints wait for pods themselves", () => {
      expect(annotations(inCluster("Service", "api-service"))).to.include({ "pulumi.com/skipAwait": "true" });
      expect(annotations(inCluster("Deployment", "api-service"))).not.to.have.property("pulumi.com/skipAwait");
      const secret = inCluster("ExternalSecret", "api-service-database-url");
      expect(annotations(secret)).to.include({ "pulumi.com/waitFor": "condition=Ready" });
    });

    it("answers every opening towards a shared group with its counterpart, DNS by both protocols", () => {
      const pair = (direction: "Ingress" | "Egress", name: string) =>
        one(onEks, `vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, name).inputs;
      expect(pair("Ingress", "store-database-api-service-eks-5432")).to.include({
        securityGroupId: "store-database-id",
        referencedSecurityGroupId: "api-service-eks-id",
      });
      expect(pair("Egress", "edge-api-service-eks-3001")).to.include({
        securityGroupId: "edge-id",
        referencedSecurityGroupId: "api-service-eks-id",
      });
      const cluster = pair("Egress", "cluster-api-service-eks-3001")["securityGroupId"];
      for (const [name, ipProtocol] of [
        ["cluster-api-service-eks-53", "tcp"],
        ["cluster-api-service-eks-53-udp", "udp"],
      ] as const) {
        expect(pair("Ingress", name)).to.include({
          securityGroupId: cluster,
          referencedSecurityGroupId: "api-service-eks-id",
          ipProtocol,
          toPort: 53,
        });
      }
      const keda = pair("Ingress", "store-kafka-operators-9098");
      expect(keda).to.include({ securityGroupId: "store-kafka-id", referencedSecurityGroupId: cluster });
    });

    it("wakes somebody when a service answers with errors from this side's own group", () => {
      const alarm = one(onEks, "cloudwatch/metricAlarm:MetricAlarm", "api-service-eks-5xx").inputs;
      expect(alarm["dimensions"]).to.deep.include({ TargetGroup: "targetgroup/api-service-eks/1" });
    });

    it("leaves what ECS has as it is until the listener has moved: a flip updates the default rules alone", () => {
      const there = new Map(onEcs.resources.map((each) => [each.urn, each]));
      const updated = onEks.resources.filter((each) => {
        const other = there.get(each.urn);
        return other !== undefined && JSON.stringify(plain(other.inputs)) !== JSON.stringify(plain(each.inputs));
      });
      expect(updated.map(({ type }) => type).filter((type) => type !== `aws:${RULE}`)).to.deep.equal([]);
      expect(updated.filter(({ name }) => !name.startsWith("default-"))).to.deep.equal([]);
      expect(updated).not.to.deep.equal([]);
    });

    it("names its cluster, its namespace and its services to whoever reads the stack", () => {
      const outputs = onEks.outputs["outputs"] as { namespace: string; services: string[]; cluster: string };
      expect(outputs.namespace).to.equal("cryptotracker");
      expect(outputs.cluster).to.be.a("string").and.contain("cryptotracker");
      const deployments = Object.values(form.units).flatMap(({ manifests }) =>
        manifests.flatMap(({ kind, metadata }) => (kind === "Deployment" ? [metadata?.name] : [])),
      );
      expect(outputs.services).to.deep.equal(deployments);
    });
  });
}

function compiled(stack: string): Compiled<EksUnit, EksShared> {
  const settings = readStackFile(".", stack);
  if (!settings.ok) throw new Error(`${stack} has no settings`);
  const result = eks.compile(cryptotracker(settings.value), settings.value);
  if (!result.ok) throw new Error(`${stack} does not compile for EKS`);
  return result.value;
}

function kubernetes({ resources }: Run): readonly Registered[] {
  return resources.filter(({ type }) => type.startsWith("kubernetes:"));
}

/** What starts pods in our namespace. */
function starting(run: Run): readonly Registered[] {
  const found = kubernetes(run).filter(
    ({ type, inputs }) =>
      /:(Deployment|CronJob|Job|ScaledJob)$/.test(type) &&
      (inputs["metadata"] as { namespace?: string }).namespace === "cryptotracker",
  );
  expect(found.length).to.be.greaterThan(10);
  return found;
}

function isRule(type: string): boolean {
  return type.startsWith("aws:vpc/securityGroup");
}

interface Metadata {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function nameOf({ name, inputs }: Registered): string {
  return (inputs["metadata"] as Metadata | undefined)?.name ?? name;
}

function annotations({ inputs }: Registered): Readonly<Record<string, string>> {
  return (inputs["metadata"] as Metadata).annotations ?? {};
}

/** Of a role's policy; none where it has none. */
function statements(run: Run, name: string): readonly Statement[] {
  const policy = ofType(run, POLICY).find((each) => each.name === name);
  return policy ? documentOf(policy.inputs["policy"]) : [];
}

/** Who may take roles on, by the role's name. */
function trusted(run: Run, ...names: readonly string[]): Readonly<Record<string, Statement | undefined>> {
  return Object.fromEntries(
    ofType(run, "iam/role:Role")
      .filter(({ name }) => names.includes(name))
      .map(({ name, inputs }) => [name, documentOf(inputs["assumeRolePolicy"])[0]]),
  );
}

function documentOf(text: unknown): readonly Statement[] {
  return (JSON.parse(String(unmarked(text))) as { Statement: Statement[] }).Statement;
}
