/** Quotas of the account, and what is used of them. */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Quotas } from "../ports.ts";

/** Usage comes every five minutes. @source CloudWatch user guide, "AWS usage metrics", 2026-11 */
const LOOK_BACK_MILLISECONDS = 15 * 60_000;
const PERIOD_SECONDS = 300;

export function createQuotas(quotas: ServiceQuotasClient, metrics: CloudWatchClient): Quotas {
  return {
    limit: async (service, code) => {
      const { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, NoSuchResourceException } =
        await import("@aws-sdk/client-service-quotas");
      const asked = { ServiceCode: service, QuotaCode: code };
      try {
        return (await quotas.send(new GetServiceQuotaCommand(asked))).Quota?.Value ?? null;
      } catch (error) {
        // Nobody ever asked for another one than the default.
        if (!(error instanceof NoSuchResourceException)) throw error;
        return (await quotas.send(new GetAWSDefaultServiceQuotaCommand(asked))).Quota?.Value ?? null;
      }
    },
    used: async (resource, className, service) => {
      const { GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
      const now = Date.now();
      const { Datapoints = [] } = await metrics.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: "AWS/Usage", MetricName: "ResourceCount", Statistics: ["Maximum"], Period: PERIOD_SECONDS },
          StartTime: new Date(now - LOOK_BACK_MILLISECONDS),
          EndTime: new Date(now),
          Dimensions: [
            { Name: "Service", Value: service },
            { Name: "Resource", Value: resource },
            { Name: "Type", Value: "Resource" },
            { Name: "Class", Value: className },
          ],
        }),
      );
      return Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
    },
  };
}
