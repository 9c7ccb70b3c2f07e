/** Whatever a topic or a queue holds: each message is read, or refused with a reason, and its batch is committed. */
import { expect } from "chai";
import fc from "fast-check";
import type { z } from "zod";

import { scoringRequest, scoringResult } from "../../services/shared/queues/scoring.ts";
import { createBatchHandler } from "../../services/shared/batches.ts";
import type { Reject } from "../../services/shared/dead-letters.ts";
import { alertMessage } from "../../services/shared/topics/alerts.ts";
import { cleanPost, rawPost } from "../../services/shared/topics/posts.ts";
import { priceMessage } from "../../services/shared/topics/prices.ts";
import { reader } from "../../services/shared/topics/read.ts";
import { sentimentMessage } from "../../services/shared/topics/sentiment.ts";
import { ALERTS, PRICES, SENTIMENT } from "../../services/websocket/channels.ts";
import { quiet } from "../services/support.ts";
import { batchOf, payloads, SECRET } from "./payloads.ts";
import { seeded } from "./seeded.ts";

const EACH = 700;

const schemas: Readonly<Record<string, z.ZodType>> = {
  prices: priceMessage,
  "posts.raw": rawPost,
  "posts.clean": cleanPost,
  sentiment: sentimentMessage,
  alerts: alertMessage,
  "ml-requests": scoringRequest,
  "ml-results": scoringResult,
};

describe("fuzz: topics and queues", () => {
  const count = seeded("Kafka and queue payloads");

  for (const [topic, schema] of Object.entries(schemas)) {
    it(`reads whatever is in ${topic}, or says why not`, function () {
      this.timeout(60_000);
      const read = reader(schema);
      const seen = new Set<boolean>();
      fc.assert(
        fc.property(payloads(schema), (value) => {
          const result = read(value);
          seen.add(result.ok);
          if (result.ok) return;
          expect(result.reason).to.match(/^[^\0]{5,500}$/);
          expect(result.reason).to.not.include(SECRET);
        }),
        { numRuns: EACH },
      );
      expect([...seen]).to.have.members([true, false]);
    });

    it(`handles a batch of ${topic}: each message is worked on or put aside with its reason`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(fc.array(payloads(schema), { minLength: 1, maxLength: 20 }), async (values) => {
          count.add(values.length - 1);
          const rejects: Reject[] = [];
          let worked = 0;
          const handle = createBatchHandler({
            read: reader(schema),
            work: (messages) => Promise.resolve(((worked += messages.length), [])),
            deadLetters: (given) => Promise.resolve(void rejects.push(...given)),
            log: quiet,
          });
          const { payload, state, last } = batchOf(topic, values);
          await handle(payload);
          expect(worked + rejects.length).to.equal(values.length);
          for (const { reason, value, offset } of rejects) {
            expect(reason).to.not.equal("");
            expect(value).to.equal(values[Number(offset)]);
          }
          expect(state).to.deep.equal({ resolved: last, committed: true });
        }),
        { numRuns: 40 },
      );
    });
  }

  for (const [form, schema] of [
    [PRICES, priceMessage],
    [SENTIMENT, sentimentMessage],
    [ALERTS, alertMessage],
  ] as const) {
    it(`makes a frame of whatever fits in ${form.channel}, and of nothing else`, function () {
      this.timeout(60_000);
      const decode = form.createDecoder(form.priming);
      let offset = 0;
      fc.assert(
        fc.property(payloads(schema), (value) => {
          const decoded = decode(value, 0, (offset += 1));
          if (decoded.ok) expect(JSON.parse(decoded.frame().toString())).to.include({ partition: 0, offset });
          else expect(decoded.reason).to.not.include(SECRET);
        }),
        { numRuns: 300 },
      );
    });
  }
});
