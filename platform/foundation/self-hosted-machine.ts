/**
 * One instance of a self-hosted store and the volume that outlives it. Sessions by SSM, never SSH; credentials by IMDSv2
 * and one hop, so no container gets them (EC2.8); everything on disk under the data key.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Subnet } from "./network.ts";
import type { StorePlace } from "./store.ts";
import { userData, type Boot } from "./self-hosted-user-data.ts";
import type { Hardware, Volume } from "../model/types.ts";

const ROOT_GIB = 30;
/** What DLM looks for. */
export const BACKUP_TAG = "backup";

export interface MachineForm {
  readonly name: string;
  readonly on: Hardware;
  readonly volume: Volume;
  readonly subnet: Subnet;
  readonly profile: aws.iam.InstanceProfile;
  readonly boot: pulumi.Input<Omit<Boot, "volumeId" | "region">>;
  readonly dependsOn: readonly pulumi.Resource[];
}

export interface Machine {
  readonly instance: aws.ec2.Instance;
  readonly attachment: aws.ec2.VolumeAttachment;
}

export function createMachine({ context, dataKey, group, store }: StorePlace, form: MachineForm): Machine {
  const { name, volume: wanted, subnet, boot } = form;
  const { settings, sizes } = context;
  const tags = context.tags(name);
  const volume = new aws.ebs.Volume(
    name,
    {
      availabilityZone: subnet.zone,
      type: wanted.type,
      size: wanted.size,
      ...(wanted.iops === undefined ? {} : { iops: wanted.iops }),
      encrypted: true,
      kmsKeyId: dataKey.arn,
      finalSnapshot: true,
      tags: { ...tags, [BACKUP_TAG]: context.name(store.name) },
    },
    { protect: true },
  );
  const instance = new aws.ec2.Instance(
    name,
    {
      ami: settings.machineImages.standard,
      instanceType: sizes.selfHosted[form.on.pool === "memory" ? "memory" : "iops"],
      subnetId: subnet.id,
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: [group.id],
      iamInstanceProfile: form.profile.name,
      ebsOptimized: true,
      monitoring: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeSize: ROOT_GIB, volumeType: "gp3", encrypted: true, kmsKeyId: dataKey.arn },
      userDataBase64: pulumi
        .all([boot, volume.id])
        .apply(([known, volumeId]) => userData({ ...known, volumeId, region: settings.region })),
      userDataReplaceOnChange: true,
      tags,
    },
    // Its image stays what it was: refreshing the list of images must not stop a database. The volume knows only one.
    { dependsOn: [...form.dependsOn], ignoreChanges: ["ami"], deleteBeforeReplace: true },
  );
  const attachment = new aws.ec2.VolumeAttachment(name, {
    deviceName: "/dev/sdf",
    instanceId: instance.id,
    volumeId: volume.id,
    stopInstanceBeforeDetaching: true,
  });
  return { instance, attachment };
}
