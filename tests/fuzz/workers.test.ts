/** Each worker, on a real Postgres, given whatever its topic holds: the batch ends, nothing that is wrong stops it. */
import { expect } from "chai";
import fc from "fast-check";

import { createEvaluator } from "../../services/alert/evaluator.ts";
import { createPast } from "../../services/alert/past.ts";
import { Prices } from "../../services/alert/prices.ts";
import { RuleBook } from "../../services/alert/rule-book.ts";
import { createStore as createAlertStore } from "../../services/alert/store.ts";
import { createTurns } from "../../services/alert/turns.ts";
import { createStore as createPriceStore } from "../../services/data-ingestion/store.ts";
import { createWriter } from "../../services/data-ingestion/writer.ts";
import { createStore as createDeliveryStore } from "../../services/notification/store.ts";
import { createNearDuplicates } from "../../services/preprocessing/near-duplicates.ts";
import { createWorker as createPreprocessing } from "../../services/preprocessing/worker.ts";
import { lexicon } from "../../services/sentiment/lexicon.ts";
import { createStore as createScoreStore } from "../../services/sentiment/store.ts";
import { createWorker as createSentiment } from "../../services/sentiment/worker.ts";
import { type BatchPayload, createBatchHandler } from "../../services/shared/batches.ts";
import type { Reject } from "../../services/shared/dead-letters.ts";
import type { Message } from "../../services/shared/kafka.ts";
import { createTally } from "../../services/shared/tally.ts";
import { alertMessage, readAlert } from "../../services/shared/topics/alerts.ts";
import { cleanPost, rawPost, readCleanPost } from "../../services/shared/topics/posts.ts";
import { priceMessage, readPrice } from "../../services/shared/topics/prices.ts";
import { readSentiment, sentimentMessage } from "../../services/shared/topics/sentiment.ts";
import { insertRules, insertUser, marketRules, seeded as random } from "../services/alert/market.ts";
import { type Database, freshDatabase, needs, quiet } from "../services/support.ts";
import { batchOf, payloads } from "./payloads.ts";
import { seeded } from "./seeded.ts";

type Handle = (payload: BatchPayload) => Promise<void>;

describe("fuzz: workers", () => {
  const count = seeded("batches of workers");
  let database: Database;
  let rejects: Reject[] = [];
  let sent: Message[] = [];
  const deadLetters = (given: readonly Reject[]) => Promise.resolve(void rejects.push(...given));
  const send = (messages: Message[]) => Promise.resolve(void sent.push(...messages));
  const parts = { deadLetters, log: quiet, backoff: { first: 1, most: 2 } };

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    const user = await insertUser(database.pool);
    // Rules on changes wait ten seconds for a past that is not stored, and made-up ids never have one.
    const rules = marketRules(["BTC-USD"], 20, random(1)).filter(({ kind }) => kind === "price");
    await insertRules(database.pool, user, rules);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  const evaluator = () => {
    const [store, book] = [createAlertStore(database.pool), new RuleBook()];
    const prices = new Prices(book, createPast(database.pool), quiet);
    return createEvaluator({ store, book, prices, turns: createTurns(), onAlerts: () => undefined });
  };
  const workers: Readonly<Record<string, readonly [Parameters<typeof payloads>[0], () => Handle]>> = {
    "the price writer": [priceMessage, () => createWriter({ ...parts, store: createPriceStore(database.pool) })],
    "alerts of prices": [
      priceMessage,
      () => {
        const alerts = evaluator();
        return createBatchHandler({ ...parts, read: readPrice, work: (batch) => alerts.prices(batch) });
      },
    ],
    "alerts of sentiment": [
      sentimentMessage,
      () => {
        const alerts = evaluator();
        return createBatchHandler({ ...parts, read: readSentiment, work: (batch) => alerts.sentiment(batch) });
      },
    ],
    preprocessing: [
      rawPost,
      () => createPreprocessing({ ...parts, send, duplicates: createNearDuplicates(), tally: createTally(quiet) }),
    ],
    sentiment: [
      cleanPost,
      () => {
        const store = createScoreStore(database.pool);
        return createSentiment({ ...parts, model: lexicon, store, send, tally: createTally(quiet) });
      },
    ],
    notification: [
      alertMessage,
      () =>
        createBatchHandler({
          ...{ ...parts, read: readAlert },
          work: async (alerts) => {
            const ids = alerts.map(({ message }) => message.id);
            await createDeliveryStore(database.pool).plan(ids, true);
            return [];
          },
        }),
    ],
  };
  const published: Readonly<Record<string, (value: Buffer | string | null) => { readonly ok: boolean }>> = {
    preprocessing: readCleanPost,
    sentiment: readSentiment,
  };

  for (const [name, [schema, create]] of Object.entries(workers)) {
    it(`${name}: ends every batch, puts aside with a reason what is wrong, publishes only what fits`, async function () {
      this.timeout(60_000);
      const handle = create();
      let worked = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(payloads(schema), { minLength: 1, maxLength: 40 }), async (values) => {
          count.add(values.length - 1);
          [rejects, sent] = [[], []];
          const { payload, state, last } = batchOf(name, values);
          await handle(payload);
          expect(state).to.deep.equal({ resolved: last, committed: true });
          for (const { reason } of rejects) expect(reason).to.match(/^\S.{3,}/s);
          for (const { value } of sent) expect(published[name]?.(String(value)).ok).to.equal(true);
          worked += values.length - rejects.length;
        }),
        { numRuns: 30 },
      );
      expect(worked).to.be.above(50);
    });
  }
});
