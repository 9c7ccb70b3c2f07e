/** A provider without a cloud behind it: keeps what it is told, answers the functions that the program calls. */
import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { unmarked } from "../../program/support/marks.ts";
import { stateOf } from "../../program/support/outputs.ts";
import { SECRET_MARKER } from "../../program/support/types.ts";
import { Cloud, type Properties } from "./cloud.ts";

/** Where the cloud's memory is, and which `type name` is to fail. */
export const CLOUD_VARIABLE = "STAND_IN_CLOUD";
export const FAIL_VARIABLE = "STAND_IN_FAIL";

/** The inputs as they were given, beside what a provider makes of them: a diff compares inputs. */
const INPUTS = "__inputs";

/** A change of anything makes a new one. */
const IMMUTABLE = [
  "aws:ecs/taskDefinition:TaskDefinition",
  "kubernetes:batch/v1:Job",
  "aws:lambda/invocation:Invocation",
];

class StandIn implements pulumi.provider.Provider {
  readonly version = "0.0.0";
  readonly #cloud: Cloud;
  readonly #fails: string;

  constructor(cloud: Cloud, fails: string) {
    this.#cloud = cloud;
    this.#fails = fails;
  }

  diff = (_id: string, urn: string, olds: Properties, news: Properties): Promise<pulumi.provider.DiffResult> => {
    const before = (olds[INPUTS] ?? {}) as Properties;
    const changed = [...new Set([...Object.keys(before), ...Object.keys(news)])].filter(
      (key) => canonical(before[key]) !== canonical(news[key]),
    );
    const replaces = IMMUTABLE.includes(partsOf(urn).type) ? changed : [];
    return Promise.resolve({ changes: changed.length > 0, replaces, deleteBeforeReplace: false });
  };

  create = (urn: string, inputs: Properties): Promise<pulumi.provider.CreateResult> => {
    const { type, name } = partsOf(urn);
    if (this.#fails === `${type} ${name}`) throw new Error(`${type} ${name} fails because the test says so.`);
    const id = `${name}-${randomBytes(4).toString("hex")}`;
    const outs = stateOf(type, id, inputs);
    this.#cloud.add({ id, type, properties: outs });
    return Promise.resolve({ id, outs: { ...outs, [INPUTS]: inputs } });
  };

  update = (id: string, urn: string, _olds: Properties, news: Properties): Promise<pulumi.provider.UpdateResult> => {
    const outs = stateOf(partsOf(urn).type, id, news);
    this.#cloud.change(id, outs);
    return Promise.resolve({ outs: { ...outs, [INPUTS]: news } });
  };

  delete = (id: string): Promise<void> => {
    this.#cloud.remove(id);
    return Promise.resolve();
  };

  invoke = (token: string, args: Properties): Promise<pulumi.provider.InvokeResult> => {
    const outputs = FUNCTIONS[token];
    if (!outputs) throw new Error(`Nobody expects a call of ${token}.`);
    return Promise.resolve({ outputs: outputs(args, this.#cloud) });
  };
}

/** A random password is another one every time, as the real one is. */
const FUNCTIONS: Readonly<Record<string, (args: Properties, cloud: Cloud) => Properties>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({ names: ["us-east-1a", "us-east-1b", "us-east-1c"] }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
  "aws:secretsmanager/getRandomPassword:getRandomPassword": () => ({
    randomPassword: `${SECRET_MARKER}${randomBytes(8).toString("hex")}`,
  }),
  "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }, cloud) => ({
    secretString: storedSecret(secretId, cloud),
  }),
  "aws:resourcegroupstaggingapi/getResources:getResources": ({ tagFilters }, cloud) => ({
    resourceTagMappingLists: tagged(tagFilters as readonly TagFilter[], cloud),
  }),
};

/** @throws Error for an ARN that is no secret's, or one that has no value yet */
function storedSecret(arn: unknown, cloud: Cloud): unknown {
  const all = cloud.all();
  const secret = all.find(({ type, properties }) => type.endsWith(":Secret") && properties["arn"] === arn);
  const version = all.find(
    ({ type, properties }) => type.endsWith(":SecretVersion") && properties["secretId"] === secret?.id,
  );
  if (!secret || !version) throw new Error(`There is no secret ${String(arn)} with a value.`);
  return unmarked(version.properties["secretString"]);
}

interface TagFilter {
  readonly key: string;
  readonly values: readonly string[];
}

/** What has all of the tags, each with one of the values. */
function tagged(filters: readonly TagFilter[], cloud: Cloud): readonly object[] {
  return cloud.all().flatMap(({ properties }) => {
    const tags = (properties["tags"] ?? {}) as Readonly<Record<string, string>>;
    const fits = filters.every(({ key, values }) => values.some((value) => tags[key] === value));
    return fits ? [{ resourceArn: properties["arn"], tags }] : [];
  });
}

function partsOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , qualified = "", name = ""] = urn.split("::");
  return { type: qualified.split("$").at(-1) ?? "", name };
}

/** Keys in one order, so that equal things look equal. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

const file = process.env[CLOUD_VARIABLE];
if (file === undefined) throw new Error(`${CLOUD_VARIABLE} says where the cloud's memory is.`);
await pulumi.provider.main(new StandIn(new Cloud(file), process.env[FAIL_VARIABLE] ?? ""), process.argv.slice(2));
