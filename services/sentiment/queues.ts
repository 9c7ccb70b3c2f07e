import type { SentimentOptions } from "./app.ts";

/** Both queues, or none where one is not configured: then AWS' client is not loaded either. */
export async function queuesOf(settings: {
  readonly ML_REQUESTS_QUEUE_URL?: string | undefined;
  readonly ML_RESULTS_QUEUE_URL?: string | undefined;
}): Promise<SentimentOptions["queues"]> {
  const { ML_REQUESTS_QUEUE_URL: requests, ML_RESULTS_QUEUE_URL: results } = settings;
  if (requests === undefined || results === undefined) return undefined;
  const { createQueue, createQueueClient } = await import("../shared/queue.ts");
  const client = createQueueClient();
  return { requests: createQueue(client, requests), results: createQueue(client, results) };
}
