/** Limits of what is kept: databases, brokers and volumes, at the size to which they may grow by themselves. */
import type * as aws from "@pulumi/aws";
import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { gibibytes } from "../demand/quantity.ts";
import { shown } from "../demand/size.ts";
import { ofType } from "../framework/given.ts";
import type { Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { stackRule } from "../framework/rule.ts";

const databases = ofType<aws.rds.InstanceArgs>("aws:rds/instance:Instance");
const brokers = ofType<aws.msk.ClusterArgs>("aws:msk/cluster:Cluster");
const volumes = ofType<aws.ebs.VolumeArgs>("aws:ebs/volume:Volume");
const claims = ofType<types.input.core.v1.PersistentVolumeClaim>("kubernetes:core/v1:PersistentVolumeClaim");

export const stackStorage = stackRule({
  name: "limits-stack-storage",
  description: "What databases, brokers and volumes may grow to stays within the stack's limits.",
  controls: ["Limits stack"],
  severity: "medium",
  remedy: "Lower maxAllocatedStorage or a volume's size, or raise the stack's limit of storage.",
  over: [databases, brokers, volumes, claims],
  parameters: z.strictObject({
    storageGiB: z.number().nonnegative().optional().describe("GiB, replicas of brokers included"),
  }),
  *check(graph, { storageGiB }, tell) {
    const kept = [...keptBy(graph, tell)];
    const total = kept.reduce((sum, { gibibytes }) => sum + gibibytes, 0);
    if (storageGiB === undefined || total <= storageGiB) return;
    const parts = kept.map(({ name, gibibytes }) => `${name} ${shown(gibibytes)}`);
    yield {
      at: "stack.storageGiB",
      found: `${shown(total)} GiB at most (${parts.join(", ")})`,
      allowed: `at most ${shown(storageGiB)} GiB`,
    };
  },
});

function* keptBy(graph: Graph, tell: (what: string) => void) {
  for (const { resource, view } of graph.all(databases)) {
    const size = known(() => Math.max(view().allocatedStorage ?? 0, view().maxAllocatedStorage ?? 0), tell);
    yield { name: resource.name, gibibytes: size ?? 0 };
  }
  for (const { resource, view } of graph.all(brokers)) {
    const size = known(() => {
      const { numberOfBrokerNodes = 0, brokerNodeGroupInfo } = view();
      return numberOfBrokerNodes * (brokerNodeGroupInfo?.storageInfo?.ebsStorageInfo?.volumeSize ?? 0);
    }, tell);
    yield { name: resource.name, gibibytes: size ?? 0 };
  }
  for (const { resource, view } of graph.all(volumes)) {
    yield { name: resource.name, gibibytes: known(() => view().size, tell) ?? 0 };
  }
  for (const { resource, view } of graph.all(claims)) {
    const size = known(() => gibibytes(view().spec?.resources?.requests?.["storage"]), tell);
    yield { name: resource.name, gibibytes: size ?? 0 };
  }
}
