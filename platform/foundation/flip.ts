/** An in-place flip of the target moves every user at once. In production that is what the rehearsed way is for. */
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";
import { isProduction } from "./sizes.ts";

/**
 * Compares the target with the one that this stack runs now, which its own last outputs say. From AWS to a plain cluster
 * or back no stack flips: the stores are others there, so what is in them would stay behind.
 * @throws pulumi.RunError `target-flip`, before anything is registered
 */
export async function refuseFlip(settings: Settings): Promise<void> {
  const { project, stack, target } = settings;
  const name = `${pulumi.getOrganization()}/${project}/${stack}`;
  const details = await new pulumi.StackReference("itself", { name }).getOutputDetails("target");
  const running: unknown = details.value;
  if (typeof running !== "string" || running === target) return;
  const leaves = (running === "kubernetes") !== (target === "kubernetes");
  if (!leaves && !isProduction(settings)) return;
  const why = leaves
    ? `${running}, for its stores do not come along: bring up a stack of its own for ${target}, move the data, and rehearse the way`
    : `${running}. Move it in steps instead`;
  throw new pulumi.RunError(
    `target-flip  settings.target: found ${target} while ${stack} runs on ${running}; allowed: ${why}: ` +
      `npm run rehearse -- --stack ${stack} --from ${running} --to ${target}`,
  );
}
