import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./machines.ts";

const disk = (encrypted: string) => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted } }] });

export const fixtures: FixturesOf<typeof rules> = {
  templateMetadata: {
    compliant: { metadataOptions: { httpTokens: "required" } },
    violating: [{ given: { metadataOptions: { httpTokens: "optional" } }, found: "httpTokens: found optional" }],
    decides: "metadataOptions.httpTokens",
    absent: "broken",
  },
  instanceMetadata: {
    compliant: { metadataOptions: { httpTokens: "required" } },
    violating: [{ given: { metadataOptions: { httpTokens: "optional" } }, found: "httpTokens: found optional" }],
    decides: "metadataOptions.httpTokens",
    absent: "broken",
  },
  templateAddress: {
    compliant: { networkInterfaces: [{ associatePublicIpAddress: "false" }] },
    violating: [
      {
        given: { networkInterfaces: [{ associatePublicIpAddress: "false" }, { associatePublicIpAddress: "true" }] },
        found: "networkInterfaces.1.associatePublicIpAddress: found true",
      },
    ],
    decides: "networkInterfaces.1.associatePublicIpAddress",
    absent: "kept",
  },
  instanceAddress: {
    compliant: { associatePublicIpAddress: false },
    violating: [{ given: { associatePublicIpAddress: true }, found: "found true" }],
    decides: "associatePublicIpAddress",
    absent: "kept",
  },
  templateDisks: {
    compliant: disk("true"),
    violating: [{ given: disk("false"), found: "blockDeviceMappings./dev/xvda.ebs.encrypted: found false" }],
    decides: "blockDeviceMappings.0.ebs.encrypted",
    absent: "broken",
  },
  instanceDisks: {
    compliant: { rootBlockDevice: { encrypted: true } },
    violating: [{ given: { rootBlockDevice: { encrypted: false } }, found: "rootBlockDevice.encrypted: found false" }],
    decides: "rootBlockDevice.encrypted",
    absent: "broken",
  },
};
