/**
 * A cloud's memory in one file: what exists, what names what. It refuses what the real one refuses and mocks let pass:
 * a name that is taken, a thing that others still use, a target group that no listener knows, a kind of resource in a
 * cluster before the operator that brings its definition, or after it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { unmarked } from "../../program/support/marks.ts";

export type Properties = Readonly<Record<string, unknown>>;

export interface Thing {
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
}

export class Cloud {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  all(): readonly Thing[] {
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, "utf8")) as Thing[]) : [];
  }

  /** @throws Error when it may not exist as it is */
  add(thing: Thing): void {
    const others = this.all();
    admit(thing, others);
    this.#save([...others, thing]);
  }

  /** @throws Error when it may not change into this */
  change(id: string, properties: Properties): void {
    const all = this.all();
    const found = all.find((thing) => thing.id === id);
    if (!found) throw new Error(`${id} does not exist.`);
    const others = all.filter((thing) => thing.id !== id);
    admit({ ...found, properties }, others);
    this.#save([...others, { ...found, properties }]);
  }

  /** @throws Error when something still uses it */
  remove(id: string): void {
    const all = this.all();
    const found = all.find((thing) => thing.id === id);
    if (!found) throw new Error(`${id} does not exist.`);
    const others = all.filter((thing) => thing.id !== id);
    const user = others.find((other) => uses(other, found));
    if (user) throw new Error(`${id} cannot go: ${user.id} still uses it.`);
    this.#save(others);
  }

  #save(things: readonly Thing[]): void {
    writeFileSync(this.#file, JSON.stringify(things));
  }
}

function admit(thing: Thing, others: readonly Thing[]): void {
  const key = identity(thing);
  const twin = others.find((other) => other.type === thing.type && identity(other) === key);
  if (twin) throw new Error(`${thing.id}: ${key} is taken by ${twin.id}.`);
  if (thing.type.startsWith("kubernetes:")) admitToCluster(thing, others);
  if (thing.type !== "aws:ecs/service:Service") return;
  for (const arn of strings(thing.properties["loadBalancers"]).filter((text) => text.includes("TargetGroup/"))) {
    const known = others.some(
      ({ type, properties }) => type === LISTENER_RULE && strings(properties["actions"]).includes(arn),
    );
    if (!known) throw new Error(`${thing.id}: no listener knows the target group ${arn}.`);
  }
}

function admitToCluster({ id, type, properties }: Thing, others: readonly Thing[]): void {
  const chart = chartOf(type);
  if (chart !== undefined && !others.some((other) => isRelease(other, chart))) {
    throw new Error(`${id}: no matches for kind ${type}, which ${chart} brings.`);
  }
  const { namespace } = metadataOf(properties);
  const there = (other: Thing) => other.type === NAMESPACE && metadataOf(other.properties).name === namespace;
  if (namespace !== undefined && !others.some(there)) throw new Error(`${id}: there is no namespace ${namespace}.`);
}

const NAMESPACE = "kubernetes:core/v1:Namespace";
const RELEASE = "kubernetes:helm.sh/v3:Release";

/** API group → the chart that brings its kinds; the API server refuses them before. */
const CHARTS: Readonly<Record<string, string>> = {
  "elbv2.k8s.aws": "aws-load-balancer-controller",
  "external-secrets.io": "external-secrets",
  "keda.sh": "keda",
};

/** By the group in `kubernetes:keda.sh/v1alpha1:ScaledObject`. */
function chartOf(type: string): string | undefined {
  return CHARTS[type.split(/[:/]/)[1] ?? ""];
}

function isRelease({ type, properties }: Thing, chart: string): boolean {
  return type === RELEASE && properties["chart"] === chart;
}

function metadataOf(properties: Properties): { readonly name?: string; readonly namespace?: string } {
  return properties["metadata"] ?? {};
}

const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";

const RULE_FIELDS = [
  "securityGroupId",
  "referencedSecurityGroupId",
  "prefixListId",
  "cidrIpv4",
  "ipProtocol",
  "fromPort",
  "toPort",
];

/** What may exist only once. */
function identity({ id, type, properties }: Thing): string {
  const { name, listenerArn, priority } = properties;
  if (type === LISTENER_RULE) return JSON.stringify([listenerArn, priority]);
  if (type === "aws:route53/record:Record") return JSON.stringify([properties["zoneId"], name, properties["type"]]);
  if (type.startsWith("aws:vpc/securityGroup")) {
    return JSON.stringify(RULE_FIELDS.map((field) => properties[field] ?? null));
  }
  if (type.startsWith("kubernetes:") && type !== RELEASE) {
    const { name: own, namespace = "" } = metadataOf(properties);
    return `${namespace}/${own ?? id}`;
  }
  // A task definition's name is its family, of which there are many revisions.
  return typeof name === "string" ? name : id;
}

/** Pairs of which the real cloud keeps the second until the first is gone. */
const HOLDS: readonly (readonly [string, string])[] = [
  [LISTENER_RULE, "aws:lb/targetGroup:TargetGroup"],
  ["aws:ecs/service:Service", "aws:ecs/cluster:Cluster"],
  ["aws:ecs/service:Service", "aws:ec2/securityGroup:SecurityGroup"],
  ["aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "aws:ecs/capacityProvider:CapacityProvider"],
  ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:ec2/securityGroup:SecurityGroup"],
  ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:ec2/securityGroup:SecurityGroup"],
  ["aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"],
  ["aws:rds/proxyTarget:ProxyTarget", "aws:rds/proxy:Proxy"],
  ["aws:lb/listener:Listener", "aws:acm/certificate:Certificate"],
  ["aws:apigatewayv2/domainName:DomainName", "aws:acm/certificate:Certificate"],
  ["aws:cloudfront/distribution:Distribution", "aws:acm/certificate:Certificate"],
  ["aws:cloudfront/distribution:Distribution", "aws:cloudfront/function:Function"],
  ["aws:cloudfront/distribution:Distribution", "aws:cloudfront/originAccessControl:OriginAccessControl"],
  ["aws:cloudfront/distribution:Distribution", "aws:wafv2/webAcl:WebAcl"],
  ["aws:wafv2/webAclAssociation:WebAclAssociation", "aws:wafv2/webAcl:WebAcl"],
  ["aws:wafv2/webAcl:WebAcl", "aws:wafv2/ipSet:IpSet"],
  ["aws:apigatewayv2/apiMapping:ApiMapping", "aws:apigatewayv2/domainName:DomainName"],
  ["aws:apigatewayv2/integration:Integration", "aws:apigatewayv2/vpcLink:VpcLink"],
  ["aws:apigatewayv2/vpcLink:VpcLink", "aws:ec2/securityGroup:SecurityGroup"],
  ["aws:route53/record:Record", "aws:route53/zone:Zone"],
];

function uses(user: Thing, used: Thing): boolean {
  // Nobody else takes the finalizers off what an operator keeps.
  const chart = chartOf(user.type);
  if (chart !== undefined && isRelease(used, chart)) return true;
  if (!HOLDS.some(([by, of]) => user.type === by && used.type === of)) return false;
  const texts = new Set(strings(user.properties));
  return [
    used.id,
    used.properties["arn"],
    used.type.endsWith(":CapacityProvider") ? used.properties["name"] : undefined,
  ]
    .filter((text) => typeof text === "string")
    .some((text) => texts.has(text));
}

/** Every text inside, marks of secrets taken off. */
function strings(value: unknown): readonly string[] {
  const bare = unmarked(value);
  if (typeof bare === "string") return [bare];
  if (typeof bare !== "object" || bare === null) return [];
  return Object.values(bare).flatMap(strings);
}
