import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./control-plane.ts";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const OFFICE = ["203.0.113.0/24"];

export const fixtures: FixturesOf<typeof rules> = {
  endpointPrivate: {
    compliant: { endpointPublicAccess: false },
    violating: [
      { given: { endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] }, found: "found 0.0.0.0/0" },
      { given: { vpcConfig: { endpointPublicAccess: true } }, found: "publicAccessCidrs: found 0.0.0.0/0" },
      { given: { endpointPublicAccess: true, publicAccessCidrs: [] }, found: "found everywhere" },
    ],
    decides: "endpointPublicAccess",
    absent: "broken",
    configured: [
      { config: {}, given: { endpointPublicAccess: true, publicAccessCidrs: OFFICE }, then: "kept" },
      { config: { ranges: false }, given: { endpointPublicAccess: true, publicAccessCidrs: OFFICE }, then: "broken" },
      { config: { ranges: false }, given: { vpcConfig: { endpointPublicAccess: false } }, then: "kept" },
    ],
  },
  versionSupported: {
    compliant: { version: "1.36" },
    violating: [{ given: { version: "1.29" }, found: "found 1.29" }],
    decides: "version",
    absent: "broken",
    configured: [{ config: { versions: ["1.29"] }, given: { version: "1.29" }, then: "kept" }],
  },
  secretsEncrypted: {
    compliant: { encryptionConfigKeyArn: KEY },
    violating: [
      { given: { encryptionConfigKeyArn: "" }, found: "encryptionConfigKeyArn: found" },
      { given: { encryptionConfig: { provider: {} } }, found: "encryptionConfigKeyArn: found nothing" },
    ],
    decides: "encryptionConfigKeyArn",
    absent: "broken",
  },
  auditLogged: {
    compliant: { enabledClusterLogTypes: ["api", "audit", "authenticator"] },
    violating: [{ given: { enabledClusterLogTypes: ["api"] }, found: "found api" }],
    decides: "enabledClusterLogTypes",
    absent: "broken",
    configured: [{ config: { logs: ["api"] }, given: { enabledClusterLogTypes: ["api"] }, then: "kept" }],
  },
  accessEntries: {
    compliant: { authenticationMode: "API" },
    violating: [
      { given: { authenticationMode: "CONFIG_MAP" }, found: "found CONFIG_MAP" },
      { given: { accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } }, found: "found API_AND_CONFIG_MAP" },
    ],
    decides: "authenticationMode",
    absent: "broken",
  },
  clusterKept: {
    compliant: { deletionProtection: true },
    violating: [{ given: { deletionProtection: false }, found: "found false" }],
    decides: "deletionProtection",
    absent: "broken",
  },
};
