/** The Pulumi program, whole: settings → compile → foundation, on AWS → deploy → routes, or weights → exports. */
import * as pulumi from "@pulumi/pulumi";
import { cryptotracker } from "./platform/cryptotracker.ts";
import { changeable } from "./platform/foundation/flip.ts";
import type { Result } from "./platform/model/types.ts";
import { parseStack, type Settings } from "./platform/settings.ts";
import { prepare } from "./targets/deployers.ts";

const stack = orRefuse(await changeable(orRefuse(parseStack(pulumi.getStack(), pulumi.runtime.allConfig()))));
const { side, own } = stack.role === "traffic" ? {} : await bringUp(stack);

/** AWS brings what a cluster by itself has inside: network, stores, edge. Routes follow when the side is steady. */
async function bringUp(settings: Settings) {
  const model = cryptotracker(settings);
  const deploy = orRefuse(await prepare(model, settings));
  if (deploy.on === "cluster") return { side: deploy.start() };
  const { attachTo, createFoundation } = await import("./platform/foundation/index.ts");
  if (settings.foundation !== undefined && deploy.on === "aws") {
    return { side: deploy.start(orRefuse(await attachTo(settings.foundation, model, settings))) };
  }
  const own = await createFoundation(model, settings);
  if (deploy.on === "nothing") return { own };
  const side = deploy.start(own);
  (await import("./targets/alb/index.ts")).routeTo(side, settings);
  return { side, own };
}

/** What this stack holds, and on whose foundation; with the target what the next run compares itself with. */
export const role = stack.role;
export const foundation = stack.foundation;
export const target = side?.target ?? (own && "none");
/** Shares of the traffic, by side. */
export const weights =
  stack.role === "traffic" ? orRefuse(await (await import("./targets/alb/index.ts")).weigh(stack)) : undefined;
/** Where users reach the platform: the API, the WebSockets, the sites. A cluster's own ingress has one name for all. */
export const url = own?.api.url ?? side?.url;
export const streamUrl = own?.edge.streamUrl;
export const sites = own && Object.fromEntries(Object.entries(own.sites).map(([name, site]) => [name, site.url]));
/** What this side offers to the stack that holds the weights. */
export const routes = side?.routes;
/** What a stack that attaches itself to this foundation reads: ARNs and names, never a secret. */
export const attach = own && (await import("./platform/foundation/index.ts")).attachable(own);
export const outputs = side?.outputs;

/** Every problem at once, a line each, before anything is registered. */
function orRefuse<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const lines = result.problems.map(
    ({ code, path, found, allowed }) => `  ${code}  ${path}: found ${found}; allowed: ${allowed}`,
  );
  throw new pulumi.RunError(`${lines.length} problem(s), nothing was changed:\n${lines.join("\n")}`);
}
