import { expect } from "chai";

import type { Reject } from "../../../services/shared/dead-letters.ts";
import type { Row } from "../../../services/data-ingestion/store.ts";
import type { BatchPayload } from "../../../services/shared/batches.ts";
import { createWriter } from "../../../services/data-ingestion/writer.ts";
import { quiet } from "../support.ts";
import { message } from "../websocket/messages.ts";

class SqlError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A batch as kafkajs hands it over, and a record of what was done with it. */
function batchOf(values: (Buffer | null)[], isRunning = () => true) {
  const done: string[] = [];
  const messages = values.map((value, i) => ({
    key: Buffer.from("A-B"),
    value,
    timestamp: "1",
    attributes: 0,
    offset: String(i),
    headers: {},
  }));
  const last = String(values.length - 1);
  const payload: BatchPayload = {
    batch: {
      topic: "prices",
      partition: 3,
      highWatermark: String(values.length),
      messages,
      isEmpty: () => false,
      firstOffset: () => "0",
      lastOffset: () => last,
      offsetLag: () => "0",
      offsetLagLow: () => "0",
    },
    heartbeat: () => Promise.resolve(),
    isRunning,
    resolveOffset: (offset) => void done.push(`resolve ${offset}`),
    commitOffsetsIfNecessary: () => Promise.resolve(void done.push("commit")),
    uncommittedOffsets: () => ({ topics: [] }),
  };
  return { payload, done };
}

function writer(save: (rows: readonly Row[]) => Promise<void>) {
  const saved: number[] = [];
  const rejected: Reject[] = [];
  const write = createWriter({
    store: {
      save: async (rows) => {
        await save(rows);
        saved.push(...rows.map((row) => row.message.tradeId));
      },
    },
    deadLetters: (rejects) => Promise.resolve(void rejected.push(...rejects)),
    log: quiet,
    backoff: { first: 1, most: 2 },
  });
  return { write, saved, rejected };
}

describe("services/data-ingestion/writer", () => {
  it("commits the offset after the rows", async () => {
    const { payload, done } = batchOf([message("A-B", 1), message("A-B", 2)]);
    const { write, saved } = writer(() => Promise.resolve(void done.push("save")));
    await write(payload);
    expect(done).to.deep.equal(["save", "resolve 1", "commit"]);
    expect(saved).to.deep.equal([1, 2]);
  });

  it("puts aside what does not fit, with reason and origin, and stores the rest", async () => {
    const { payload, done } = batchOf([
      message("A-B", 1),
      Buffer.from("{"),
      null,
      Buffer.from('{"v":9}'),
      message("A-B", 2),
    ]);
    const { write, saved, rejected } = writer(() => Promise.resolve());
    await write(payload);
    expect(saved).to.deep.equal([1, 2]);
    expect(rejected.map(({ offset, reason }) => [offset, reason])).to.deep.equal([
      ["1", "the value is not JSON"],
      ["2", "the message has no value"],
      ["3", "version 9, where 1 is known"],
    ]);
    expect(rejected[0]).to.include({ topic: "prices", partition: 3 });
    expect(done.at(-1)).to.equal("commit");
  });

  it("puts aside just the rows whose values Postgres refuses", async () => {
    const { payload } = batchOf([message("A-B", 1), message("A-B", 2), message("A-B", 3)]);
    const { write, saved, rejected } = writer((rows) =>
      rows.some((row) => row.message.tradeId === 2) ? Promise.reject(new SqlError("22008")) : Promise.resolve(),
    );
    await write(payload);
    expect(saved).to.deep.equal([1, 3]);
    expect(rejected.map(({ offset, reason }) => [offset, reason])).to.deep.equal([
      ["1", "Postgres refuses the values (22008)"],
    ]);
  });

  it("tries for as long as Postgres is away, and skips nothing", async () => {
    const { payload, done } = batchOf([message("A-B", 1)]);
    let failures = 4;
    const { write, saved } = writer(() => (failures-- > 0 ? Promise.reject(new SqlError("57P01")) : Promise.resolve()));
    await write(payload);
    expect(saved).to.deep.equal([1]);
    expect(done).to.deep.equal(["resolve 0", "commit"]);
  });

  it("commits nothing when it is stopped before the rows are stored", async () => {
    let running = true;
    const { payload, done } = batchOf([message("A-B", 1)], () => running);
    const { write } = writer(() => {
      running = false;
      return Promise.reject(new SqlError("57P01"));
    });
    const error: unknown = await write(payload).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include("stopped");
    expect(done).to.deep.equal([]);
  });
});
