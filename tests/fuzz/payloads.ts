/** Values of messages, fit and unfit, and the batches that they come in. */
import fc, { type Arbitrary } from "fast-check";
import { z } from "zod";

import type { JsonSchema } from "../../services/api/http/open-api.ts";
import type { BatchPayload } from "../../services/shared/batches.ts";
import { anything, fitting, spoilt } from "../services/api/from-schema.ts";

/** Is in some of them; no reason may repeat it. */
export const SECRET = "hunter2-in-the-message";

/** A message as the schema has it, spoilt, or bytes. */
export function payloads(schema: z.ZodType): Arbitrary<Buffer | null> {
  const document = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const fit = fitting(JSON.parse(JSON.stringify(document)) as JsonSchema, () => {
    throw new Error("no references here");
  });
  const written = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  return fc.oneof(
    { weight: 3, arbitrary: fit.map(written) },
    { weight: 5, arbitrary: fit.chain(spoilt).map(written) },
    { weight: 1, arbitrary: fit.map((value) => written(value).subarray(0, -1)) },
    { weight: 1, arbitrary: fc.record({ v: fc.constant(1), [SECRET]: anything }).map(written) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

/** A batch as kafkajs hands it over; what was resolved is its last offset. */
export function batchOf(topic: string, values: readonly (Buffer | null)[]) {
  const state = { resolved: "", committed: false };
  const messages = values.map((value, i) => ({
    ...{ key: null, value, timestamp: "1", attributes: 0, offset: String(i), headers: {} },
  }));
  const last = String(values.length - 1);
  const payload: BatchPayload = {
    batch: {
      ...{ topic, partition: 0, highWatermark: String(values.length), messages },
      ...{ isEmpty: () => false, firstOffset: () => "0", lastOffset: () => last },
      ...{ offsetLag: () => "0", offsetLagLow: () => "0" },
    },
    heartbeat: () => Promise.resolve(),
    isRunning: () => true,
    resolveOffset: (offset) => void (state.resolved = offset),
    commitOffsetsIfNecessary: () => Promise.resolve(void (state.committed = true)),
    uncommittedOffsets: () => ({ topics: [] }),
  };
  return { payload, state, last };
}
