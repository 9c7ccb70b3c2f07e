/** A job's schedule → an EventBridge rule. */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Job, Model, Problem, Result } from "../../platform/model/types.ts";
import { pathOf } from "../../platform/model/paths.ts";
import type { Rule } from "./forms.ts";
import { awsvpc, capacityProvider, family } from "./names.ts";

export function rule(job: Job, expression: string, model: Model): Rule {
  return {
    name: `${model.prefix}-${job.slug}`,
    scheduleExpression: expression,
    state: "ENABLED",
    targets: [
      {
        id: job.slug,
        arn: placeholder("cluster", model.project, "arn"),
        roleArn: placeholder("role", `${job.name}-events`, "arn"),
        ecsParameters: {
          taskDefinitionArn: family(model.prefix, job),
          taskCount: 1,
          capacityProviderStrategy: [{ capacityProvider: capacityProvider(model.prefix, job), weight: 1 }],
          networkConfiguration: awsvpc(job),
        },
        // EventBridge repeats a launch that failed, not a task that failed: the rest is a declared loss.
        retryPolicy: { maximumRetryAttempts: job.attempts - 1, maximumEventAgeInSeconds: 3600 },
      },
    ],
  };
}

/**
 * Five cron fields → EventBridge's six: a year, Sunday = 1 instead of 0, and `?` in one of the two day fields.
 * @source EventBridge user guide, "cron expressions", 2026-11
 */
export function scheduleExpression(job: Job, schedule: string): Result<string> {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = schedule.trim().split(/\s+/);
  const path = pathOf(job, "trigger", "schedule");
  if (day !== "*" && weekday !== "*") {
    return refusal({
      code: "schedule-two-days",
      path,
      found: `day of month ${day} and day of week ${weekday}`,
      allowed: "one of the two: cron runs on either, and EventBridge cannot say that",
    });
  }
  const days = weekdays(weekday);
  if (days === undefined) {
    return refusal({ code: "schedule-weekday", path, found: weekday, allowed: "0–7 or SUN–SAT, with , - and /" });
  }
  const [dayOfMonth, dayOfWeek] = weekday === "*" ? [day, "?"] : ["?", days];
  return { ok: true, value: `cron(${[minute, hour, dayOfMonth, month, dayOfWeek, "*"].join(" ")})` };
}

function refusal(problem: Problem): Result<string> {
  return { ok: false, problems: [problem] };
}

/** 0–7 (both ends Sunday) → 1–7; names are the same on both sides, and a step keeps its number. */
function weekdays(field: string): string | undefined {
  const shifted = field.split(",").map((part) => {
    const [, range = "", step = ""] = /^([^/]+)(\/\d+)?$/.exec(part) ?? [];
    const ends = range.split("-").map((end) => (/^[0-7]$/.test(end) ? String((Number(end) % 7) + 1) : end));
    return ends.every((end) => /^([1-7]|\*|SUN|MON|TUE|WED|THU|FRI|SAT)$/i.test(end))
      ? `${ends.join("-")}${step}`
      : undefined;
  });
  return shifted.includes(undefined) ? undefined : shifted.join(",");
}
