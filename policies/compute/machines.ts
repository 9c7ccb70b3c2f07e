/** The machines under the tasks and pods, and those that a store of our own stands on. */
import { resourceRule } from "../framework/rule.ts";
import { instances, launchTemplates } from "./subjects.ts";

export const templateMetadata = resourceRule({
  name: "ec2-template-imdsv2",
  description: "Machines give their credentials only to who asks with a token.",
  controls: ["EC2.8"],
  severity: "high",
  remedy: "Set metadataOptions.httpTokens to required.",
  on: launchTemplates,
  *check({ metadataOptions }) {
    const found = metadataOptions?.httpTokens;
    if (found !== "required" && metadataOptions?.httpEndpoint !== "disabled") {
      yield { at: "metadataOptions.httpTokens", found, allowed: "required" };
    }
  },
  mend: ({ metadataOptions }) => ({ metadataOptions: { ...metadataOptions, httpTokens: "required" } }),
});

export const instanceMetadata = resourceRule({
  name: "ec2-instance-imdsv2",
  description: "An instance gives its credentials only to who asks with a token.",
  controls: ["EC2.8"],
  severity: "high",
  remedy: "Set metadataOptions.httpTokens to required.",
  on: instances,
  *check({ metadataOptions }) {
    const found = metadataOptions?.httpTokens;
    if (found !== "required" && metadataOptions?.httpEndpoint !== "disabled") {
      yield { at: "metadataOptions.httpTokens", found, allowed: "required" };
    }
  },
  mend: ({ metadataOptions }) => ({ metadataOptions: { ...metadataOptions, httpTokens: "required" } }),
});

export const templateAddress = resourceRule({
  name: "ec2-template-public-address",
  description: "Machines have no public address.",
  controls: ["EC2.9", "EC2.25"],
  severity: "high",
  remedy: "Set associatePublicIpAddress to false on each network interface.",
  on: launchTemplates,
  *check({ networkInterfaces = [] }) {
    for (const [index, { associatePublicIpAddress: found }] of networkInterfaces.entries()) {
      if (found === "true")
        yield { at: `networkInterfaces.${index}.associatePublicIpAddress`, found, allowed: "false" };
    }
  },
});

export const instanceAddress = resourceRule({
  name: "ec2-instance-public-address",
  description: "An instance has no public address.",
  controls: ["EC2.9"],
  severity: "high",
  remedy: "Set associatePublicIpAddress to false.",
  on: instances,
  *check({ associatePublicIpAddress }) {
    if (associatePublicIpAddress) yield { at: "associatePublicIpAddress", found: true, allowed: "false" };
  },
});

export const templateDisks = resourceRule({
  name: "ec2-template-disks-encrypted",
  description: "Machines' disks are encrypted.",
  controls: ["EC2.7"],
  severity: "high",
  remedy: "Set ebs.encrypted to true in each block device mapping.",
  on: launchTemplates,
  *check({ blockDeviceMappings = [] }) {
    for (const { deviceName = "?", ebs } of blockDeviceMappings) {
      if (ebs && ebs.encrypted !== "true") {
        yield { at: `blockDeviceMappings.${deviceName}.ebs.encrypted`, found: ebs.encrypted, allowed: "true" };
      }
    }
  },
});

export const instanceDisks = resourceRule({
  name: "ec2-instance-disk-encrypted",
  description: "An instance's root disk is encrypted.",
  controls: ["EC2.7"],
  severity: "high",
  remedy: "Set rootBlockDevice.encrypted to true.",
  on: instances,
  *check({ rootBlockDevice }) {
    if (!rootBlockDevice?.encrypted) {
      yield { at: "rootBlockDevice.encrypted", found: rootBlockDevice?.encrypted, allowed: "true" };
    }
  },
});
