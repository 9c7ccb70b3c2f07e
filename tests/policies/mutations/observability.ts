/** Logs, alarms, traces, and that something answers while one part of it does not. */
import { all, at, type Table } from "./mutation.ts";

const alarm = (name: string) => at("aws:cloudwatch/metricAlarm:MetricAlarm", name);
const log = at("aws:cloudwatch/logGroup:LogGroup", "api-service");
const service = (name: string) => at("aws:ecs/service:Service", name);

export const observability: Table = {
  "prod ecs": [
    ["keeps logs for ever", log.without("retentionInDays"), "logs-retention"],
    ["keeps logs for a day", log.set("retentionInDays", 1), "logs-retention"],
    ["leaves logs behind", log.set("skipDestroy", true), "logs-not-skipped"],
    ["wakes nobody", alarm("api-5xx").set("alarmActions", []), "alarm-actions"],
    ["switches an alarm off", alarm("api-5xx").set("actionsEnabled", false), "alarm-enabled"],
    ["does not notice dead letters", alarm("ml-requests-dead").gone, "alarm-for-dead-letters"],
    [
      "does not notice a service's errors",
      all(alarm("auth-service-5xx").gone, alarm("auth-service-connections").gone),
      "alarm-for-target-group",
    ],
    ["has no page to look at", at("aws:cloudwatch/dashboard:Dashboard", "ecs").gone, "dashboard-present"],
    [
      "lets the API run alone",
      all(
        service("api-service").set("desiredCount", 1),
        at("aws:appautoscaling/target:Target", "api-service").set("minCapacity", 1),
      ),
      "ecs-service-replicas",
    ],
    [
      "runs the API in one zone",
      service("api-service").set("networkConfiguration.subnets", ["private-0-id"]),
      "ecs-service-zones",
    ],
    ["tags no task", service("api-service").without("propagateTags"), "ecs-service-propagates-tags"],
    ["says not whose it is", service("api-service").without("tags"), "tags-present"],
    [
      "says not whose the database is",
      at("aws:rds/instance:Instance", "database").without("tags.project"),
      "tags-present",
    ],
    [
      "traces nothing",
      at("aws:ecs/taskDefinition:TaskDefinition", "auth-service").set("containerDefinitions.0.environment", [
        { name: "PORT", value: "3002" },
      ]),
      "ecs-task-traced",
    ],
    [
      "lets a function log where it likes",
      at("aws:lambda/function:Function", "redis-rotation").without("loggingConfig"),
      "lambda-log-group",
    ],
  ],
};
