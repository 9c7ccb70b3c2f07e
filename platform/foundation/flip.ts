/** An in-place flip of the target moves every user at once. In production that is what the rehearsed way is for. */
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";
import { isProduction } from "./sizes.ts";

/**
 * Compares the target with the one that this stack runs now, which its own last outputs say.
 * @throws pulumi.RunError `target-flip` in production, before anything is registered
 */
export async function refuseFlip(settings: Settings): Promise<void> {
  if (!isProduction(settings)) return;
  const name = `${pulumi.getOrganization()}/${settings.project}/${settings.stack}`;
  const details = await new pulumi.StackReference("itself", { name }).getOutputDetails("target");
  const running: unknown = details.value;
  if (typeof running !== "string" || running === settings.target) return;
  throw new pulumi.RunError(
    `target-flip  settings.target: found ${settings.target} while ${settings.stack} runs on ${running}; allowed: ` +
      `${running}. Move it in steps instead: npm run rehearse -- --stack ${settings.stack} --from ${running} --to ${settings.target}`,
  );
}
