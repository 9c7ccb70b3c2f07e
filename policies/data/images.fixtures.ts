import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./images.ts";

const tidied = (props: object, from: Made["from"] = { repository: ["api"] }): readonly Made[] => [
  { type: "aws:ecr/repository:Repository", name: "api", props: {} },
  { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", name: "tidy", props, from },
];

export const fixtures: FixturesOf<typeof rules> = {
  imageScanned: {
    compliant: { imageScanningConfiguration: { scanOnPush: true } },
    violating: [{ given: { imageScanningConfiguration: { scanOnPush: false } }, found: "found false" }],
    decides: "imageScanningConfiguration.scanOnPush",
    absent: "broken",
  },
  imageTags: {
    compliant: { imageTagMutability: "IMMUTABLE" },
    violating: [{ given: { imageTagMutability: "MUTABLE" }, found: "found MUTABLE" }],
    decides: "imageTagMutability",
    absent: "broken",
  },
  imagesTidied: {
    compliant: tidied({ policy: "{}" }),
    violating: [
      { given: tidied({}), found: "api: found no life cycle" },
      { given: tidied({ policy: "{}" }, {}), found: "api: found no life cycle" },
    ],
    decides: "tidy.policy",
    absent: "broken",
  },
  imagesKept: {
    compliant: { forceDelete: false },
    violating: [{ given: { forceDelete: true }, found: "found true" }],
    decides: "forceDelete",
    absent: "kept",
  },
  volumeEncrypted: {
    compliant: { availabilityZone: "us-east-1a", encrypted: true },
    violating: [{ given: { availabilityZone: "us-east-1a", encrypted: false }, found: "found false" }],
    decides: "encrypted",
    absent: "broken",
  },
};
