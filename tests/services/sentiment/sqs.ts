/**
 * A queue that speaks SQS' own protocol as far as the services use it: JSON 1.0 over HTTP, visibility, receipts.
 * @source Amazon SQS, "Making requests using AWS JSON protocol", read 2026-11
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import type { SQSClient } from "@aws-sdk/client-sqs";

import { createQueueClient } from "../../../services/shared/queue.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  receipt: string;
  visibleAt: number;
  received: number;
}

export interface Sqs {
  readonly client: SQSClient;
  url(queue: string): string;
  /** What nobody has taken out. */
  messages(queue: string): readonly Message[];
  /** Answers nobody until it is opened again. */
  refuse(refusing: boolean): void;
  stop(): Promise<void>;
}

interface Call {
  readonly QueueUrl: string;
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody?: string; readonly ReceiptHandle?: string }[];
  readonly MaxNumberOfMessages?: number;
}

const VISIBILITY_MS = 400;
const WAIT_MS = 50;

export async function startSqs(): Promise<Sqs> {
  const queues = new Map<string, Message[]>();
  let refusing = false;
  const of = (url: string): Message[] => {
    const name = url.split("/").at(-1) ?? "";
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    return queue;
  };
  const actions: Readonly<Record<string, (call: Call) => object>> = {
    SendMessageBatch: ({ QueueUrl, Entries = [] }) => ({
      Successful: Entries.map(({ Id, MessageBody: body = "" }) => {
        const message = { id: randomUUID(), body, receipt: "", visibleAt: 0, received: 0 };
        of(QueueUrl).push(message);
        return { Id, MessageId: message.id, MD5OfMessageBody: md5(body) };
      }),
      Failed: [],
    }),
    ReceiveMessage: ({ QueueUrl, MaxNumberOfMessages = 1 }) => {
      const visible = of(QueueUrl).filter(({ visibleAt }) => visibleAt <= Date.now());
      const taken = visible.slice(0, MaxNumberOfMessages);
      for (const message of taken) {
        Object.assign(message, { receipt: randomUUID(), visibleAt: Date.now() + VISIBILITY_MS });
        message.received += 1;
      }
      return {
        Messages: taken.map(({ id, body, receipt }) => ({
          ...{ MessageId: id, Body: body, ReceiptHandle: receipt, MD5OfBody: md5(body) },
        })),
      };
    },
    DeleteMessageBatch: ({ QueueUrl, Entries = [] }) => {
      const gone = new Set(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      const queue = of(QueueUrl);
      queue.splice(0, queue.length, ...queue.filter(({ receipt }) => receipt === "" || !gone.has(receipt)));
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const answer = refusing ? undefined : actions[action]?.(JSON.parse(body) as Call);
      const empty = action === "ReceiveMessage" && JSON.stringify(answer) === '{"Messages":[]}';
      if (empty) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      response.writeHead(answer ? 200 : 503, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = createQueueClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  return {
    client,
    url: (queue) => `${endpoint}/000000000000/${queue}`,
    messages: (queue) => of(queue),
    refuse: (now) => (refusing = now),
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
