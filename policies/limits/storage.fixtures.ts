import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./storage.ts";

const database = (maxAllocatedStorage: number): Made => ({
  type: "aws:rds/instance:Instance",
  name: "database",
  props: { allocatedStorage: 100, maxAllocatedStorage },
});
const kafka: Made = {
  type: "aws:msk/cluster:Cluster",
  name: "kafka",
  props: { numberOfBrokerNodes: 3, brokerNodeGroupInfo: { storageInfo: { ebsStorageInfo: { volumeSize: 100 } } } },
};

export const fixtures: FixturesOf<typeof rules> = {
  stackStorage: {
    config: { storageGiB: 500 },
    compliant: [database(200), kafka],
    violating: [
      {
        given: [database(201), kafka],
        found: "found 501 GiB at most (database 201, kafka 300); allowed: at most 500 GiB",
      },
    ],
    decides: "database.maxAllocatedStorage",
    absent: "kept",
    configured: [
      { config: {}, given: [database(9000)], then: "kept" },
      { config: { storageGiB: 299 }, given: [kafka], then: "broken" },
    ],
  },
};
