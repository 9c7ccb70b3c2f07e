import { createQueue, createQueueClient } from "../shared/queue.ts";
import type { SentimentOptions } from "./app.ts";

/** Both queues, or none where one is not configured. */
export function queuesOf(settings: {
  readonly ML_REQUESTS_QUEUE_URL?: string | undefined;
  readonly ML_RESULTS_QUEUE_URL?: string | undefined;
}): SentimentOptions["queues"] {
  const { ML_REQUESTS_QUEUE_URL: requests, ML_RESULTS_QUEUE_URL: results } = settings;
  if (requests === undefined || results === undefined) return undefined;
  const client = createQueueClient();
  return { requests: createQueue(client, requests), results: createQueue(client, results) };
}
