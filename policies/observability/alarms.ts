/** Alarms: that they wake somebody, and stand beside what can go wrong. */
import { services } from "../compute/subjects.ts";
import { queues } from "../data/subjects.ts";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { targetGroups } from "../network/subjects.ts";
import { alarms, dashboards } from "./subjects.ts";

export const alarmWakes = resourceRule({
  name: "alarm-actions",
  description: "An alarm tells somebody.",
  controls: ["CloudWatch.15"],
  severity: "high",
  remedy: "Set alarmActions to a topic.",
  on: alarms,
  *check({ alarmActions = [] }) {
    if (alarmActions.length === 0) yield { at: "alarmActions", found: undefined, allowed: "a topic" };
  },
});

export const alarmEnabled = resourceRule({
  name: "alarm-enabled",
  description: "No alarm is switched off.",
  controls: ["CloudWatch.17"],
  severity: "high",
  remedy: "Leave actionsEnabled out, or set it to true.",
  on: alarms,
  *check({ actionsEnabled: found }) {
    if (found === false) yield { at: "actionsEnabled", found, allowed: "true" };
  },
  mend: () => ({ actionsEnabled: true }),
});

export const targetGroupAlarmed = stackRule({
  name: "alarm-for-target-group",
  description: "Each target group has an alarm: its service's errors wake somebody.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Add a MetricAlarm with the target group in its dimensions.",
  over: [targetGroups],
  *check(graph, _parameters, tell) {
    const watched = graph
      .all(alarms)
      .filter(({ view }) => known(() => view().metricName !== undefined, tell) ?? true)
      .flatMap(({ resource }) => comesFrom(resource, "dimensions", targetGroups));
    for (const { resource } of graph.all(targetGroups)) {
      if (!watched.includes(resource)) {
        yield { at: resource.name, found: "no alarm", allowed: "an alarm", on: resource };
      }
    }
  },
});

export const deadLettersAlarmed = stackRule({
  name: "alarm-for-dead-letters",
  description: "A dead letter wakes somebody.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Add a MetricAlarm on the dead-letter queue's visible messages.",
  over: [queues],
  *check(graph, _parameters, tell) {
    const dead = graph.all(queues).flatMap(({ resource }) => comesFrom(resource, "redrivePolicy", queues));
    const watched = graph
      .all(alarms)
      .filter(({ view }) => known(() => view().metricName !== undefined, tell) ?? true)
      .flatMap(({ resource }) => comesFrom(resource, "dimensions", queues));
    for (const queue of dead) {
      if (!watched.includes(queue)) yield { at: queue.name, found: "no alarm", allowed: "an alarm", on: queue };
    }
  },
});

export const dashboardThere = stackRule({
  name: "dashboard-present",
  description: "A cluster's services are seen on one page.",
  controls: ["Limits, stack"],
  severity: "low",
  remedy: "Add a Dashboard.",
  over: [services],
  *check(graph, _parameters, tell) {
    const shown = graph
      .all(dashboards)
      .some(({ view }) => known(() => view().dashboardBody !== undefined, tell) ?? true);
    if (!shown) yield { at: "stack", found: "no dashboard", allowed: "a dashboard" };
  },
});
