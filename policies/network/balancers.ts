/** Load balancers and their listeners. */
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { balancers, listeners, webAclAssociations } from "./subjects.ts";

export const balancerHeaders = resourceRule({
  name: "alb-invalid-headers",
  description: "A load balancer drops headers that are none, before a service has to make sense of them.",
  controls: ["ELB.4"],
  severity: "medium",
  remedy: "Set dropInvalidHeaderFields to true.",
  on: balancers,
  *check({ dropInvalidHeaderFields: found }) {
    if (!found) yield { at: "dropInvalidHeaderFields", found, allowed: "true" };
  },
  mend: () => ({ dropInvalidHeaderFields: true }),
});

export const balancerLog = resourceRule({
  name: "alb-access-log",
  description: "A load balancer logs who asked for what.",
  controls: ["ELB.5"],
  severity: "medium",
  remedy: "Set accessLogs with a bucket that load balancers may write to.",
  on: balancers,
  *check({ accessLogs }) {
    if (!accessLogs?.enabled) yield { at: "accessLogs.enabled", found: accessLogs?.enabled, allowed: "true" };
  },
});

export const balancerDeletion = resourceRule({
  name: "alb-deletion-protection",
  description: "A load balancer is not deleted by mistake: its name is where users are.",
  controls: ["ELB.6"],
  severity: "medium",
  remedy: "Set enableDeletionProtection to true.",
  on: balancers,
  *check({ enableDeletionProtection: found }) {
    if (!found) yield { at: "enableDeletionProtection", found, allowed: "true" };
  },
  mend: () => ({ enableDeletionProtection: true }),
});

const DESYNC: readonly string[] = ["defensive", "strictest"];

export const balancerDesync = resourceRule({
  name: "alb-desync",
  description: "A load balancer refuses requests that two servers could read in two ways.",
  controls: ["ELB.12"],
  severity: "medium",
  remedy: "Set desyncMitigationMode to defensive or strictest.",
  on: balancers,
  *check({ desyncMitigationMode: found = "defensive" }) {
    if (!DESYNC.includes(found)) yield { at: "desyncMitigationMode", found, allowed: DESYNC.join(" or ") };
  },
  mend: () => ({ desyncMitigationMode: "defensive" }),
});

export const balancerZones = resourceRule({
  name: "alb-zones",
  description: "A load balancer stands in two zones at least.",
  controls: ["ELB.13"],
  severity: "medium",
  remedy: "Name a subnet in each of two zones or more.",
  on: balancers,
  *check({ subnets = [], subnetMappings = [] }) {
    const found = subnets.length + subnetMappings.length;
    if (found < 2) yield { at: "subnets", found, allowed: "at least 2" };
  },
});

export const balancerFirewall = stackRule({
  name: "alb-firewall",
  description: "A web ACL stands before each load balancer.",
  controls: ["ELB.16"],
  severity: "medium",
  remedy: "Associate a web ACL with the load balancer.",
  over: [balancers],
  *check(graph, _parameters, tell) {
    const all = graph.all(webAclAssociations);
    const guarded = all.flatMap(({ resource }) => comesFrom(resource, "resourceArn", balancers));
    const arns = all.flatMap(({ view }) => known(() => view().resourceArn, tell) ?? []);
    for (const { resource, view } of graph.all(balancers)) {
      const application = known(() => (view().loadBalancerType ?? "application") === "application", tell);
      const arn = known(() => Reflect.get(resource.props, "arn") as unknown, tell);
      if (!application || guarded.includes(resource) || arns.some((each) => each === arn)) continue;
      yield { at: resource.name, found: "no web ACL", allowed: "a web ACL", on: resource };
    }
  },
});

export const listenerEncrypted = resourceRule({
  name: "alb-listener-https",
  description: "A listener speaks HTTPS; one that does not only sends users to it.",
  controls: ["ELB.1", "ELB.18"],
  severity: "medium",
  remedy: "Set protocol to HTTPS with a certificate, or redirect to HTTPS.",
  on: listeners,
  *check({ protocol: found, defaultActions = [] }) {
    if (found !== "HTTP") return;
    const redirects = defaultActions.every(
      ({ type, redirect }) => type === "redirect" && redirect?.protocol === "HTTPS",
    );
    if (!redirects) yield { at: "protocol", found, allowed: "HTTPS, or a redirect to it" };
  },
});

/** TLS 1.2 at least, with forward secrecy. @source ELB user guide, "Security policies", 2026-11 */
const TLS_POLICY = /^ELBSecurityPolicy-(TLS13-1-[23]|FS-1-2|TLS-1-2)-/;

export const listenerTls = resourceRule({
  name: "alb-listener-tls",
  description: "A listener speaks TLS 1.2 or newer.",
  controls: ["ELB.17"],
  severity: "medium",
  remedy: "Set sslPolicy to a TLS 1.3 policy that goes down to 1.2.",
  on: listeners,
  *check({ protocol, sslPolicy: found }) {
    if (protocol !== "HTTPS" && protocol !== "TLS") return;
    // AWS's default is of 2016, with TLS 1.0.
    if (found === undefined || !TLS_POLICY.test(found)) {
      yield { at: "sslPolicy", found, allowed: "ELBSecurityPolicy-TLS13-1-2-… or newer" };
    }
  },
});
