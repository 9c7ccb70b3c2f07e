/**
 * Stores on instances of ours, part of the foundation: both sides of a migration use the same ones. TimescaleDB on an
 * IOPS-optimised instance, Redis on memory-optimised ones; names and secrets are those of the managed stores.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeSecret } from "../model/wiring.ts";
import type { Store } from "../model/types.ts";
import { createAccess, createOwner, createUsers } from "./database-access.ts";
import { policy, trust } from "./policy.ts";
import { createSecret, randomText, type StoredSecret } from "./secrets.ts";
import { createStoreName, type StoreName } from "./self-hosted-certificate.ts";
import { BACKUP_TAG, createMachine, type Machine } from "./self-hosted-machine.ts";
import { openMachines } from "./self-hosted-network.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

type Hosting = Exclude<Store["hosting"], "managed">;

export function createTimescale(place: StorePlace, hosting: Hosting): StoreAnswers {
  const { store } = place;
  const owner = createOwner(place);
  const name = createStoreName(place);
  const { primary, ready } = createMachines(place, hosting, name, "postgres", owner, "password");
  const door = pulumi.output(`${name.host}:${store.port}`);
  const users = createUsers(place);
  return {
    attributes: { arn: primary.instance.arn, endpoint: pulumi.output(name.host) },
    secrets: createAccess(place, { owner, users, direct: door, front: door, ready }),
  };
}

export function createRedis(place: StorePlace, hosting: Hosting): StoreAnswers {
  const { context, secretsKey, store } = place;
  const { secret, key } = storeSecret(store.name);
  const tokenSecret = `${store.name}-token`;
  const credentials = createSecret(context, secretsKey, tokenSecret, `Password of ${store.name}`, {
    token: randomText(),
  });
  const name = createStoreName(place);
  const { primary, ready } = createMachines(place, hosting, name, "redis", credentials, "token");
  const value = pulumi.interpolate`rediss://:${credentials.field("token")}@${name.host}:${store.port}`;
  const url = createSecret(context, secretsKey, secret, `Connection URL of ${store.name}`, { [key]: value }, [
    ...ready,
  ]);
  return {
    attributes: { arn: primary.instance.arn, endpoint: pulumi.output(name.host) },
    secrets: { [secret]: url, [tokenSecret]: credentials },
  };
}

interface Machines {
  readonly primary: Machine;
  readonly ready: readonly pulumi.Resource[];
}

/** The primary and what follows it, a zone each in turn. */
function createMachines(
  place: StorePlace,
  { on, volumes, replicas }: Hosting,
  name: StoreName,
  kind: "postgres" | "redis",
  secret: StoredSecret,
  key: string,
): Machines {
  const { context, network, store } = place;
  const [volume] = volumes;
  const subnets = network.privateSubnets;
  const [first] = subnets;
  if (!volume || !first) throw new Error(`${store.name} has no volume or no subnet.`);
  const { profile, permissions } = createIdentity(place, secret, name.certificateArn);
  const dependsOn = [...permissions, ...openMachines(place), ...place.ready];
  const boot = pulumi
    .all([name.certificateArn, secret.arn])
    .apply(([certificateArn, secretArn]) => ({ kind, port: store.port, certificateArn, secretArn, key }));
  const form = { on, volume, profile, dependsOn };
  const primary = createMachine(place, { ...form, name: `store-${store.name}`, subnet: first, boot });
  const record = name.pointAt(primary.instance.privateIp);
  for (let replica = 0; replica < replicas; replica++) {
    createMachine(place, {
      ...form,
      name: `store-${store.name}-replica-${replica}`,
      subnet: subnets[(replica + 1) % subnets.length] ?? first,
      boot: boot.apply((known) => ({ ...known, primary: name.host })),
      dependsOn: [...dependsOn, record],
    });
  }
  createBackup(place, context.sizes.database.backupDays);
  return { primary, ready: [primary.attachment, record] };
}

/** What the instance may do: be managed by SSM, read its own password, export its own certificate. */
function createIdentity(
  { context, secretsKey, store }: StorePlace,
  secret: StoredSecret,
  certificateArn: pulumi.Output<string>,
): { readonly profile: aws.iam.InstanceProfile; readonly permissions: readonly pulumi.Resource[] } {
  const name = `store-${store.name}`;
  const tags = context.tags(name);
  const role = new aws.iam.Role(name, { assumeRolePolicy: trust("ec2.amazonaws.com"), tags });
  const permissions = [
    new aws.iam.RolePolicyAttachment(name, {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    }),
    new aws.iam.RolePolicy(name, {
      role: role.name,
      policy: policy([
        { actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] },
        { actions: ["kms:Decrypt"], resources: [secretsKey.arn] },
        { actions: ["acm:ExportCertificate"], resources: [certificateArn] },
      ]),
    }),
  ];
  return { profile: new aws.iam.InstanceProfile(name, { role: role.name, tags }), permissions };
}

/** Daily snapshots of every volume that carries the store's tag. */
function createBackup({ context, store }: StorePlace, days: number): void {
  const name = `store-${store.name}-backup`;
  const tags = context.tags(name);
  const role = new aws.iam.Role(name, { assumeRolePolicy: trust("dlm.amazonaws.com"), tags });
  const permission = new aws.iam.RolePolicyAttachment(name, {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole",
  });
  new aws.dlm.LifecyclePolicy(
    name,
    {
      description: `Snapshots of ${context.name(store.name)}`,
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: { [BACKUP_TAG]: context.name(store.name) },
        schedules: [
          {
            name: "daily",
            copyTags: true,
            createRule: { interval: 24, intervalUnit: "HOURS", times: "02:00" },
            retainRule: { count: days },
          },
        ],
      },
      tags,
    },
    { dependsOn: [permission] },
  );
}
