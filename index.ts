/** The Pulumi program, whole: settings → compile → foundation, on AWS → deploy → routes → exports. */
import * as pulumi from "@pulumi/pulumi";
import { cryptotracker } from "./platform/cryptotracker.ts";
import { refuseFlip } from "./platform/foundation/flip.ts";
import type { Result } from "./platform/model/types.ts";
import { parseSettings } from "./platform/settings.ts";
import { prepare, type StartOnAws } from "./targets/deployers.ts";

const settings = orRefuse(parseSettings(pulumi.getStack(), pulumi.runtime.allConfig()));
await refuseFlip(settings);
const model = cryptotracker(settings);
const deploy = orRefuse(await prepare(model, settings));
const { side, foundation } = deploy.on === "aws" ? await onAws(deploy.start) : { side: deploy.start() };

/** AWS brings what a cluster by itself has inside: network, stores, edge. Routes follow when the side is steady. */
async function onAws(start: StartOnAws) {
  const { createFoundation } = await import("./platform/foundation/index.ts");
  const { routeTo } = await import("./targets/alb/index.ts");
  const foundation = await createFoundation(model, settings);
  const side = start(foundation);
  routeTo(side, foundation);
  return { side, foundation };
}

/** Where users reach the platform: the API, the WebSockets, the sites. A cluster's own ingress has one name for all. */
export const url = foundation?.api.url ?? side.url;
export const streamUrl = foundation?.edge.streamUrl;
export const sites =
  foundation && Object.fromEntries(Object.entries(foundation.sites).map(([name, site]) => [name, site.url]));
export const target = side.target;
/** What this side offers to the stack that holds the weights. */
export const routes = side.routes;
/** What a stack that attaches itself to this foundation reads: ARNs and names, never a secret. */
export const attach = foundation && {
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
