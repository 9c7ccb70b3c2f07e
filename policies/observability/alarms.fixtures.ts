import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./alarms.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const ALARM = { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 5 };
const QUEUE = "aws:sqs/queue:Queue";

const watched = (of: Made, props: object): readonly Made[] => [
  of,
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "alarm",
    props,
    from: { dimensions: [of.name] },
  },
];
const GROUP: Made = { type: "aws:lb/targetGroup:TargetGroup", name: "api", props: {} };
const DEAD: Made = { type: QUEUE, name: "dead", props: {} };
const SOURCE: Made = { type: QUEUE, name: "requests", props: {}, from: { redrivePolicy: ["dead"] } };

const shown = (props: object): readonly Made[] => [
  { type: "aws:ecs/service:Service", name: "api", props: {} },
  { type: "aws:cloudwatch/dashboard:Dashboard", name: "board", props },
];

export const fixtures: FixturesOf<typeof rules> = {
  alarmWakes: {
    compliant: { ...ALARM, alarmActions: [TOPIC] },
    violating: [{ given: { ...ALARM, alarmActions: [] }, found: "alarmActions: found nothing" }],
    decides: "alarmActions",
    absent: "broken",
  },
  alarmEnabled: {
    compliant: { ...ALARM, actionsEnabled: true },
    violating: [{ given: { ...ALARM, actionsEnabled: false }, found: "found false" }],
    decides: "actionsEnabled",
    absent: "kept",
  },
  targetGroupAlarmed: {
    compliant: watched(GROUP, { metricName: "HTTPCode_Target_5XX_Count" }),
    violating: [
      { given: watched(GROUP, {}), found: "api: found no alarm" },
      {
        given: [...watched(GROUP, { metricName: "Requests" }), { ...GROUP, name: "auth" }],
        found: "auth: found no alarm",
      },
    ],
    decides: "alarm.metricName",
    absent: "broken",
  },
  deadLettersAlarmed: {
    compliant: [SOURCE, ...watched(DEAD, { metricName: "ApproximateNumberOfMessagesVisible" })],
    violating: [
      { given: [SOURCE, ...watched(DEAD, {})], found: "dead: found no alarm" },
      { given: [SOURCE, DEAD], found: "dead: found no alarm" },
    ],
    decides: "alarm.metricName",
    absent: "broken",
  },
  dashboardThere: {
    compliant: shown({ dashboardName: "main", dashboardBody: "{}" }),
    violating: [{ given: shown({ dashboardName: "main" }), found: "found no dashboard" }],
    decides: "board.dashboardBody",
    absent: "broken",
  },
};
