/** A cluster's control plane. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { anywhere } from "../network/subjects.ts";
import { controlPlanes } from "./subjects.ts";

export const endpointPrivate = resourceRule({
  name: "eks-endpoint",
  description: "A cluster's API is reached from inside the VPC, or from named addresses.",
  controls: ["EKS.1"],
  severity: "high",
  remedy: "Set endpointPublicAccess to false, or publicAccessCidrs to those who need it.",
  on: controlPlanes,
  parameters: z.strictObject({ ranges: z.boolean().default(true).describe("Named ranges of addresses will do") }),
  *check({ open, ranges }, { ranges: named }) {
    if (!open) return;
    if (!named) yield { at: "endpointPublicAccess", found: true, allowed: "false" };
    else if (ranges.length === 0 || ranges.some(anywhere)) {
      yield { at: "publicAccessCidrs", found: ranges.join(", ") || "everywhere", allowed: "named addresses" };
    }
  },
});

/** In standard support, the oldest first. @source EKS user guide, "Kubernetes versions", 2026-11 */
const VERSIONS = ["1.34", "1.35", "1.36"];

export const versionSupported = resourceRule({
  name: "eks-version",
  description: "A cluster runs a version that still gets fixes, at the usual price.",
  controls: ["EKS.2"],
  severity: "high",
  remedy: "Upgrade the cluster, one minor version after another.",
  on: controlPlanes,
  parameters: z.strictObject({ versions: z.array(z.string()).default(VERSIONS) }),
  *check({ version: found }, { versions }) {
    if (found === undefined || !versions.includes(found)) yield { at: "version", found, allowed: versions.join(", ") };
  },
});

export const secretsEncrypted = resourceRule({
  name: "eks-secrets-encrypted",
  description: "A cluster's Secrets are encrypted by a key of the platform's own.",
  controls: ["EKS.3"],
  severity: "medium",
  remedy: "Set encryptionConfigKeyArn.",
  on: controlPlanes,
  *check({ key: found }) {
    if (!found) yield { at: "encryptionConfigKeyArn", found, allowed: "a customer key" };
  },
});

export const auditLogged = resourceRule({
  name: "eks-audit-log",
  description: "Who asked a cluster's API for what is logged.",
  controls: ["EKS.8"],
  severity: "medium",
  remedy: "Set enabledClusterLogTypes to audit and authenticator at least.",
  on: controlPlanes,
  parameters: z.strictObject({ logs: z.array(z.string()).default(["audit", "authenticator"]) }),
  *check({ logs: found }, { logs }) {
    const missing = logs.filter((log) => !found.includes(log));
    if (missing.length > 0) {
      yield { at: "enabledClusterLogTypes", found: found.join(", ") || undefined, allowed: logs.join(", ") };
    }
  },
});

export const accessEntries = resourceRule({
  name: "eks-access-entries",
  description: "Who may do what in a cluster is said by access entries, not by a ConfigMap that its users can write.",
  controls: ["CIS 2.1.1"],
  severity: "medium",
  remedy: "Set authenticationMode to API.",
  on: controlPlanes,
  *check({ authenticates: found }) {
    if (found !== "API") yield { at: "authenticationMode", found, allowed: "API" };
  },
});

export const clusterKept = resourceRule({
  name: "eks-deletion-protection",
  description: "A cluster is not deleted by mistake.",
  controls: ["EKS.1"],
  severity: "medium",
  remedy: "Set deletionProtection to true.",
  on: controlPlanes,
  *check({ protects: found }) {
    if (!found) yield { at: "deletionProtection", found, allowed: "true" };
  },
});
