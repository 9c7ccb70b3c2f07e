/** Web ACLs: that they do something, and say what. */
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { webAclLogs, webAcls } from "./subjects.ts";

export const firewallRules = resourceRule({
  name: "waf-rules",
  description: "A web ACL has rules: without any it lets everything pass that its default lets pass.",
  controls: ["WAF.10"],
  severity: "medium",
  remedy: "Add AWS's common rule group and a rate limit.",
  on: webAcls,
  *check({ rules = [], ruleJson }) {
    if (rules.length === 0 && ruleJson === undefined) yield { at: "rules", found: 0, allowed: "at least 1" };
  },
});

export const firewallMetrics = resourceRule({
  name: "waf-metrics",
  description: "Each rule of a web ACL counts what it stops.",
  controls: ["WAF.12"],
  severity: "medium",
  remedy: "Set cloudwatchMetricsEnabled in every visibilityConfig.",
  on: webAcls,
  *check({ visibilityConfig, rules = [] }) {
    const all = [{ name: "acl", visibilityConfig }, ...rules];
    for (const { name = "?", visibilityConfig: visible } of all) {
      const found = visible?.cloudwatchMetricsEnabled;
      if (!found) yield { at: `${name}.visibilityConfig.cloudwatchMetricsEnabled`, found, allowed: "true" };
    }
  },
});

export const firewallRate = resourceRule({
  name: "waf-rate-limit",
  description: "A web ACL limits what one address may ask for.",
  controls: ["WAF.10"],
  severity: "low",
  remedy: "Add a rule with a rateBasedStatement that blocks.",
  on: webAcls,
  *check({ rules = [], ruleJson }) {
    const limits = rules.some(({ statement, action }) => statement?.rateBasedStatement && action?.block);
    if (!limits && ruleJson === undefined) yield { at: "rules", found: "no rate limit", allowed: "a rule that blocks" };
  },
});

export const firewallLog = stackRule({
  name: "waf-log",
  description: "What a web ACL decided is logged, without the secrets that requests carry.",
  controls: ["WAF.11"],
  severity: "medium",
  remedy: "Add a WebAclLoggingConfiguration that redacts the authorization header and cookies.",
  over: [webAcls],
  *check(graph, _parameters, tell) {
    const logs = graph.all(webAclLogs).map(({ resource, view }) => ({
      of: comesFrom(resource, "resourceArn", webAcls),
      redacted: known(
        () => (view().redactedFields ?? []).flatMap(({ singleHeader }) => singleHeader?.name?.toLowerCase() ?? []),
        tell,
      ),
    }));
    for (const { resource } of graph.all(webAcls)) {
      const log = logs.find(({ of }) => of.includes(resource));
      if (!log) yield { at: resource.name, found: "no log", allowed: "a log", on: resource };
      const shown = SECRET_HEADERS.filter((header) => log?.redacted && !log.redacted.includes(header));
      if (shown.length > 0) {
        yield {
          at: `${resource.name}.redactedFields`,
          found: `not ${shown.join(", ")}`,
          allowed: "these too",
          on: resource,
        };
      }
    }
  },
});

const SECRET_HEADERS = ["authorization", "cookie"];
