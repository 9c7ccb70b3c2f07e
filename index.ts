/** The Pulumi program, whole: settings → compile → foundation → deploy → routes → exports. */
import * as pulumi from "@pulumi/pulumi";
import { cryptotracker } from "./platform/cryptotracker.ts";
import { createFoundation, refuseFlip } from "./platform/foundation/index.ts";
import type { Result } from "./platform/model/types.ts";
import { parseSettings } from "./platform/settings.ts";
import { routeTo } from "./targets/alb/index.ts";
import { prepare } from "./targets/deployers.ts";

const settings = orRefuse(parseSettings(pulumi.getStack(), pulumi.runtime.allConfig()));
const model = cryptotracker(settings);
const deploy = orRefuse(await prepare(model, settings));
await refuseFlip(settings);
const foundation = await createFoundation(model, settings);
const side = deploy(foundation);
routeTo(side, foundation);

/** Where users reach the platform: the API, the WebSockets, the sites. */
export const url = foundation.api.url;
export const streamUrl = foundation.edge.streamUrl;
export const sites = Object.fromEntries(Object.entries(foundation.sites).map(([name, site]) => [name, site.url]));
export const target = side.target;
/** What this side offers to the stack that holds the weights. */
export const routes = side.routes;
/** What a stack that attaches itself to this foundation reads: ARNs and names, never a secret. */
export const attach = {
  ...foundation.values,
  "edge.streams.listenerArn": foundation.edge.streams.listenerArn,
  "edge.api.listenerArn": foundation.edge.api.listenerArn,
};
export const outputs = side.outputs;

/** Every problem at once, a line each, before anything is registered. */
function orRefuse<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const lines = result.problems.map(
    ({ code, path, found, allowed }) => `  ${code}  ${path}: found ${found}; allowed: ${allowed}`,
  );
  throw new pulumi.RunError(`${lines.length} problem(s), nothing was changed:\n${lines.join("\n")}`);
}
