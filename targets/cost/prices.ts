/**
 * List prices in us-east-1, on demand, without savings plans, reservations, credits or free tiers. `npm run cost --
 * --json` prints the book it used: that is the form of a file for `--prices`.
 */
import { ASSUMPTIONS } from "./assumptions.ts";
import type { PriceBook } from "./price-book.ts";

/** @source EC2 price list of us-east-1, Linux, shared tenancy, published 2026-07-20 */
const INSTANCES = {
  "c5.large": 0.085,
  "c5.xlarge": 0.17,
  "c5.2xlarge": 0.34,
  "c5.4xlarge": 0.68,
  "c6i.large": 0.085,
  "c6i.xlarge": 0.17,
  "c6i.2xlarge": 0.34,
  "c7i.large": 0.08925,
  "c7i.xlarge": 0.1785,
  "c7i.2xlarge": 0.357,
  "g5.xlarge": 1.006,
  "g5.2xlarge": 1.212,
  "g5.4xlarge": 1.624,
  "g6.xlarge": 0.8048,
  "g6.2xlarge": 0.9776,
  "g6.4xlarge": 1.3232,
  "i3en.2xlarge": 0.904,
  "i4i.large": 0.172,
  "i4i.2xlarge": 0.686,
  "i4i.4xlarge": 1.373,
  "m5.large": 0.096,
  "m5.xlarge": 0.192,
  "m5.2xlarge": 0.384,
  "m6g.2xlarge": 0.308,
  "m6i.large": 0.096,
  "m6i.xlarge": 0.192,
  "m6i.2xlarge": 0.384,
  "m6i.4xlarge": 0.768,
  "m6i.8xlarge": 1.536,
  "m7g.large": 0.0816,
  "m7g.xlarge": 0.1632,
  "m7g.2xlarge": 0.3264,
  "m7g.4xlarge": 0.6528,
  "m7i.large": 0.1008,
  "m7i.xlarge": 0.2016,
  "m7i.2xlarge": 0.4032,
  "m7i.4xlarge": 0.8064,
  "m7i.8xlarge": 1.6128,
  "p4d.24xlarge": 21.957642,
  "p4de.24xlarge": 27.44705,
  "r6g.2xlarge": 0.4032,
  "r6i.2xlarge": 0.504,
  "r7g.2xlarge": 0.4284,
  "r7i.large": 0.1323,
  "r7i.2xlarge": 0.5292,
  "r7i.4xlarge": 1.0584,
  "t3.2xlarge": 0.3328,
} as const;

export const PRICES: PriceBook = {
  region: "us-east-1",
  date: "2026-07-20",
  prices: {
    /** @source AWS Fargate pricing, Linux, 2026-07. The first 20 GB of storage are free. */
    fargate: {
      x86: { vcpuHour: 0.04048, gbHour: 0.004445 },
      arm: { vcpuHour: 0.03238, gbHour: 0.00356 },
      storageGbHour: 0.000111,
    },
    instanceHour: INSTANCES,
    /** @source Amazon EBS pricing, 2026-07; gp3's first 3000 IOPS and 125 MB/s are in its price */
    volume: { gp3GbMonth: 0.08, io2GbMonth: 0.125, io2IopsMonth: 0.065, snapshotGbMonth: 0.05 },
    /** @source Amazon EKS pricing, standard support, 2026-07 */
    eks: { controlPlaneHour: 0.1 },
    /** @source Elastic Load Balancing pricing, application load balancer, 2026-07 */
    loadBalancer: { hour: 0.0225, capacityUnitHour: 0.008 },
    /** @source Amazon VPC and AWS PrivateLink pricing; EC2 data transfer, first 10 TB; 2026-07 */
    network: {
      natHour: 0.045,
      natGb: 0.045,
      endpointHour: 0.01,
      endpointGb: 0.01,
      publicAddressHour: 0.005,
      outGb: 0.09,
    },
    /** @source RDS price list of us-east-1, PostgreSQL, one zone, published 2026-09-24; RDS Proxy pricing, 2026-07 */
    database: {
      class: { "db.t4g.medium": { hour: 0.065, vcpu: 2 }, "db.r7g.large": { hour: 0.239, vcpu: 2 } },
      gbMonth: 0.115,
      proxyVcpuHour: 0.015,
    },
    /** @source ElastiCache price list of us-east-1, Redis OSS, read 2026-10-02 */
    cache: { nodeHour: { "cache.t4g.small": 0.032, "cache.r7g.large": 0.219 } },
    /** @source Amazon MSK pricing, standard brokers, 2026-07 */
    kafka: {
      brokerHour: { "kafka.t3.small": 0.0456, "kafka.m5.large": 0.21, "kafka.m7g.large": 0.204 },
      gbMonth: 0.1,
    },
    /** @source Amazon CloudWatch pricing, standard log class, 2026-07 */
    logs: { inGb: 0.5, keptGbMonth: 0.03 },
    /** @source Amazon CloudWatch pricing (Container Insights with enhanced observability, of ECS by metric and of EKS by observation) and AWS X-Ray pricing, 2026-07 */
    metrics: {
      customMonth: 0.3,
      insightsMonth: 0.07,
      insightsMillionObservations: 0.21,
      alarmMonth: 0.1,
      dashboardMonth: 3,
      millionTraces: 5,
    },
    /** @source Amazon API Gateway pricing, HTTP API, first 300 million, 2026-07 */
    api: { millionRequests: 1 },
    /** @source Amazon CloudFront pricing, North America and Europe, HTTPS, 2026-07 */
    site: { outGb: 0.085, millionRequests: 1 },
    /** @source Amazon S3 pricing, Standard, first 50 TB, 2026-07 */
    storage: { gbMonth: 0.023 },
    /** @source Amazon SQS pricing, standard queues, 2026-07 */
    messages: { millionRequests: 0.4 },
    /** @source AWS KMS and AWS Secrets Manager pricing, 2026-07 */
    secrets: { keyMonth: 1, secretMonth: 0.4 },
    /** @source Amazon Route 53 pricing, first 25 zones, 2026-07 */
    dns: { zoneMonth: 0.5 },
    /** @source AWS WAF pricing, 2026-07 */
    firewall: { aclMonth: 5, ruleMonth: 1, millionRequests: 0.6 },
  },
  assumptions: ASSUMPTIONS,
};
