/**
 * Refreshes the machine images of a stack: asks AWS which ECS-optimised AL2023 images are current and writes their ids
 * into the stack's file. Ids in a file, because a "latest" that moves by itself would change a second run.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isScalar, parseDocument } from "yaml";
import type { Result } from "../../platform/model/types.ts";
import { readStackFile } from "../../platform/settings.ts";

/** @source ECS developer guide, "Retrieving Amazon ECS-optimized Linux AMI metadata", 2026-11 */
const PARAMETERS = {
  standard: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  gpu: "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id",
} as const;
type Kind = keyof typeof PARAMETERS;
const KINDS = ["standard", "gpu"] as const satisfies readonly Kind[];

const SETTING = ["config", "cryptotracker:machineImages"] as const;
const IMAGE_ID = /^ami-[0-9a-f]{8,17}$/;

/** Values of public parameters by name, in a region; one that does not exist is missing. */
export type ReadParameters = (region: string, names: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface MachineImage {
  readonly kind: Kind;
  /** null: the stack had none. */
  readonly before: string | null;
  readonly now: string;
}

/**
 * Writes what is current and says what it was before. The file keeps its comments and its order, and is replaced in one
 * step, or not touched at all.
 *
 * @param root the folder of the stack files
 */
export async function refreshMachineImages(
  root: string,
  stack: string,
  read: ReadParameters,
): Promise<Result<readonly MachineImage[]>> {
  const settings = readStackFile(root, stack);
  if (!settings.ok) return settings;
  const { region, machineImages } = settings.value;
  const found = await answers(region, read);
  if (!found.ok) return found;
  const images = KINDS.map((kind) => ({ kind, before: machineImages[kind] ?? null, now: found.value[kind] }));
  if (images.some(({ before, now }) => before !== now)) write(join(root, `Pulumi.${stack}.yaml`), found.value);
  return { ok: true, value: images };
}

async function answers(region: string, read: ReadParameters): Promise<Result<Record<Kind, string>>> {
  const refuse = (found: string): Result<never> => ({
    ok: false,
    problems: [
      {
        code: "machine-images-unknown",
        path: "settings.machineImages",
        found,
        allowed: `an answer of AWS Systems Manager in ${region}: credentials that may read public parameters, and a way there`,
      },
    ],
  });
  let values: ReadonlyMap<string, string>;
  try {
    values = await read(region, Object.values(PARAMETERS));
  } catch (error) {
    return refuse(firstLine(error));
  }
  const [standard, gpu] = KINDS.map((kind) => values.get(PARAMETERS[kind]) ?? "");
  if (standard === undefined || gpu === undefined || !IMAGE_ID.test(standard) || !IMAGE_ID.test(gpu)) {
    return refuse(
      `no image id for ${KINDS.filter((kind) => !IMAGE_ID.test(values.get(PARAMETERS[kind]) ?? "")).join(", ")}`,
    );
  }
  return { ok: true, value: { standard, gpu } };
}

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line === "" ? "no answer" : line;
}

function write(path: string, images: Readonly<Record<Kind, string>>): void {
  const source = readFileSync(path, "utf8");
  const text = inPlace(source, images) ?? added(source, images);
  // In one step: who reads the file meanwhile sees the old one or the new one.
  const unfinished = `${path}.unfinished`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** The two values where they stand, and not a byte besides; undefined where the file has not got both. */
function inPlace(source: string, images: Readonly<Record<Kind, string>>): string | undefined {
  const document = parseDocument(source);
  const places = KINDS.flatMap((kind) => {
    const node = document.getIn([...SETTING, kind], true);
    return isScalar(node) && node.range ? [{ kind, from: node.range[0], to: node.range[1] }] : [];
  });
  if (places.length < KINDS.length) return undefined;
  return places
    .sort((a, b) => b.from - a.from)
    .reduce((text, { kind, from, to }) => text.slice(0, from) + images[kind] + text.slice(to), source);
}

/** Comments stay; the yaml library lays the rest out as it does. */
function added(source: string, images: Readonly<Record<Kind, string>>): string {
  const document = parseDocument(source);
  document.setIn(SETTING, document.createNode(images));
  return document.toString({ lineWidth: 0 });
}

/** By AWS's own client, with the credentials of whoever runs the command. */
export const readPublicParameters: ReadParameters = async (region, names) => {
  const { GetParametersCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000 },
  });
  try {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [...names] }));
    return new Map(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
  } finally {
    client.destroy();
  }
};
