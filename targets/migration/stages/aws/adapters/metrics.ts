/** Figures and alarms, by CloudWatch. */
import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Alarm, MetricQuery, Metrics, MetricSeries } from "../ports.ts";

const PERIOD_SECONDS = 60;
/** @source CloudWatch API reference, GetMetricData, 2026-11 */
const QUERIES_A_CALL = 500;

export function createMetrics(client: CloudWatchClient): Metrics {
  return {
    read: async (queries, from, to) => {
      const found = new Map<string, MetricSeries>(queries.map(({ id }) => [id, { complete: false, points: [] }]));
      for (let start = 0; start < queries.length; start += QUERIES_A_CALL) {
        await readInto(found, queries.slice(start, start + QUERIES_A_CALL), from, to);
      }
      return found;
    },
    alarmsOn: async () => {
      const alarms: Alarm[] = [];
      for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
        const page = await client.send(
          new DescribeAlarmsCommand({ StateValue: "ALARM", ...(token === undefined ? {} : { NextToken: token }) }),
        );
        for (const { AlarmName = "", Dimensions = [] } of page.MetricAlarms ?? []) {
          const dimensions = Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
          alarms.push({ name: AlarmName, dimensions });
        }
        token = page.NextToken;
      }
      return alarms;
    },
  };

  /** A series is complete when its last page says so; one of another status is not, and its points count for nothing. */
  async function readInto(found: Map<string, MetricSeries>, queries: readonly MetricQuery[], from: number, to: number) {
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: "TimestampAscending",
          MetricDataQueries: queries.map(queryOf),
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      for (const { Id = "", StatusCode, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        const points = Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index] ?? 0 }));
        found.set(Id, { complete: StatusCode === "Complete", points: [...(found.get(Id)?.points ?? []), ...points] });
      }
      token = page.NextToken;
    }
  }
}

function queryOf({ id, namespace, name, dimensions, stat }: MetricQuery): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: stat,
    },
  };
}
