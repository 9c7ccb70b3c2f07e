/** What a stack may take and how its policies are enforced: settings' `limits` and `policy`. */
import { z } from "zod";

const count = z.int().positive();
const amount = z.number().nonnegative();

/** Of one replica, one service, all machines: what is not there is not limited. */
const ceilings = z.strictObject({
  vcpu: amount.optional(),
  memoryGiB: amount.optional(),
  gpus: z.int().nonnegative().optional(),
  storageGiB: amount.optional(),
  replicas: count.optional(),
});

/** All workloads at their maximum together, whatever target runs them; and what stands under and beside them. */
export const limits = z.strictObject({
  vcpu: count,
  memoryGiB: count,
  gpus: z.int().nonnegative(),
  pods: count,
  /** Databases, brokers and volumes at the size that they may grow to. */
  storageGiB: count.optional(),
  /** One replica of any service. @default Fargate's most: 16 vCPU and 120 GiB */
  replica: ceilings.default({ vcpu: 16, memoryGiB: 120 }),
  /** All replicas of any service. */
  service: ceilings.default({}),
  /** Single services, which go before. */
  services: z.record(z.string(), ceilings).default({}),
  /** All machines at the groups' maximum together; `replicas` counts machines. */
  machines: ceilings.default({}),
  /** US dollars a month at list prices, traffic left out: of what always runs, and of all that scaling may reach. */
  monthlyUsd: z.strictObject({ desired: amount.optional(), max: amount.optional() }).default({}),
});

const level = z.enum(["advisory", "mandatory", "remediate", "disabled"]);

export const policy = z.strictObject({
  /** What is done to what can be mended safely: nothing, a word, or the mending itself. */
  remediation: z.enum(["off", "advisory", "on"]).default("off"),
  /** Levels that differ from what a rule's severity asks for, by rule. */
  levels: z.record(z.string(), level).default({}),
  /** Who may break a rule, why, and until when. */
  exemptions: z
    .array(
      z.strictObject({
        rule: z.string(),
        /** The resource's name; `*` for the stack as a whole. */
        resource: z.string().min(1),
        reason: z.string().min(10, "a reason that someone else understands"),
        // Quoted, for Pulumi makes a time of a bare day.
        until: z.iso.date('a day in quotes, "2027-03-31"'),
      }),
    )
    .default([]),
});
