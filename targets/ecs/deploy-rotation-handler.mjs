/** Deploys services anew, so that their next tasks read the secret that has just been rotated. */
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";

const ecs = new ECSClient({});

/** `{cluster, services}`. One that fails keeps none of the others from theirs; the event is tried again for all. */
export async function handler({ cluster, services }) {
  const results = await Promise.allSettled(
    services.map((service) => ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }))),
  );
  const failed = services.filter((_service, index) => results[index].status === "rejected");
  if (failed.length === 0) return { deployed: services };
  const [first] = results.filter(({ status }) => status === "rejected");
  throw new Error(`Not deployed anew: ${failed.join(", ")}; ${first.reason.message}`);
}
