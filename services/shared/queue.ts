import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  type SQSClientConfig,
} from "@aws-sdk/client-sqs";

export interface Received {
  readonly id: string;
  readonly body: string;
  /** Names this delivery of it. */
  readonly receipt: string;
}

/** One SQS queue: at least once, in no order. */
export interface Queue {
  /** @throws when some were not taken; those that were stay */
  send(bodies: readonly string[]): Promise<void>;
  /** Waits for messages until the signal fires. They come again to somebody unless they are done in the queue's time. */
  receive(signal: AbortSignal): Promise<readonly Received[]>;
  done(messages: readonly Received[]): Promise<void>;
}

/** Most messages and characters in one call. @source SQS, SendMessageBatch, read 2026-11 */
export const MOST_MESSAGES = 10;
const MOST_BYTES = 1_000_000;
/** Long polling: an empty queue costs a call in twenty seconds. */
const WAIT_SECONDS = 20;

/** Endpoint, region and credentials are found by the SDK, in what the platform puts into the environment. */
export function createQueueClient(overrides: SQSClientConfig = {}): SQSClient {
  return new SQSClient({ maxAttempts: 2, ...overrides });
}

export function createQueue(client: SQSClient, url: string): Queue {
  return {
    send: async (bodies) => {
      for (const entries of batchesOf(bodies)) {
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
        if (Failed.length > 0) throw new Error(`the queue did not take ${Failed.length} of ${entries.length} messages`);
      }
    },
    receive: async (signal) => {
      const wanted = { QueueUrl: url, MaxNumberOfMessages: MOST_MESSAGES, WaitTimeSeconds: WAIT_SECONDS };
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(wanted), { abortSignal: signal });
      return Messages.flatMap(({ MessageId: id = "", Body: body = "", ReceiptHandle: receipt }) =>
        receipt === undefined ? [] : [{ id, body, receipt }],
      );
    },
    done: async (messages) => {
      if (messages.length === 0) return;
      const Entries = messages.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    },
  };
}

function batchesOf(bodies: readonly string[]): { Id: string; MessageBody: string }[][] {
  const batches: { Id: string; MessageBody: string }[][] = [];
  let bytes = Infinity;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = batches.at(-1);
    if (!last || last.length === MOST_MESSAGES || bytes + size > MOST_BYTES) {
      batches.push([{ Id: "0", MessageBody: body }]);
      bytes = size;
    } else {
      last.push({ Id: String(last.length), MessageBody: body });
      bytes += size;
    }
  }
  return batches;
}
