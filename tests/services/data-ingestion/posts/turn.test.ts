import { randomBytes } from "node:crypto";

import { expect } from "chai";

import { createDigest } from "../../../../services/data-ingestion/posts/digest.ts";
import type { FoundPost } from "../../../../services/data-ingestion/posts/source.ts";
import { createTurn, type TurnOptions } from "../../../../services/data-ingestion/posts/turn.ts";
import type { Message } from "../../../../services/shared/kafka.ts";
import { readRawPost } from "../../../../services/shared/topics/posts.ts";
import { quiet } from "../../support.ts";

const post = (id: number, text = `post ${id}`): FoundPost => ({
  ...{ source: "rss", id: String(id), author: "ann", text, language: undefined },
  ...{ createdAt: undefined, listedAt: undefined },
});

describe("services/data-ingestion/posts/turn", () => {
  const losing = () => {
    const lost = new AbortController();
    const tenure = { fence: 4, lost: lost.signal, valid: () => !lost.signal.aborted };
    return { tenure, lose: () => lost.abort() };
  };
  const make = (options: Partial<TurnOptions> & Pick<TurnOptions, "send" | "tenure">) =>
    createTurn({
      source: "rss",
      store: { position: () => Promise.resolve(undefined), keep: () => Promise.resolve(true) },
      digest: createDigest(randomBytes(32)),
      log: quiet,
      ...options,
    });

  it("sends all in their order, in requests that a broker takes, by source and author", async () => {
    const requests: Message[][] = [];
    const turn = make({ ...losing(), send: (messages) => Promise.resolve(void requests.push(messages)) });
    const posts = Array.from({ length: 100 }, (_, i) => post(i, `${i} ${"ü".repeat(9_000)}`));
    expect(await turn.publish([...posts, post(100, "  ")])).to.equal(true);
    const sizes = requests.map((request) => request.reduce((sum, { value }) => sum + (value?.length ?? 0) * 2, 0));
    expect(Math.max(...sizes)).to.be.below(600 * 1024);
    expect(requests.length).to.be.greaterThan(5);
    const read = requests.flat().map(({ key, value }) => ({ key, post: readRawPost(value?.toString() ?? null) }));
    expect(read.map((each) => each.post.ok && each.post.message.text.split(" ")[0])).to.deep.equal(
      posts.map(({ id }) => id),
    );
    for (const each of read) {
      expect(each.post.ok && [each.key, each.post.message.fence]).to.deep.equal([
        each.post.ok && `rss:${each.post.message.author}`,
        4,
      ]);
    }
  });

  it("tries until the topic has them", async () => {
    let failures = 2;
    const send = (): Promise<void> => (failures-- > 0 ? Promise.reject(new Error("away")) : Promise.resolve());
    expect(await make({ ...losing(), send }).publish([post(1)])).to.equal(true);
    expect(failures).to.equal(-1);
  });

  it("stops at the loss of the lease, also while a broker does not answer", async () => {
    const { tenure, lose } = losing();
    let sends = 0;
    const turn = make({ tenure, send: () => ((sends += 1), new Promise(() => undefined)) });
    const published = turn.publish([post(1)]);
    lose();
    expect(await published).to.equal(false);
    expect(await turn.publish([post(2)])).to.equal(false);
    expect(sends).to.equal(1);
  }).timeout(8_000);

  it("keeps a position after the loss once, and else until Postgres has it", async () => {
    const { tenure, lose } = losing();
    let asked = 0;
    const store = {
      position: () => Promise.resolve(undefined),
      keep: () => ((asked += 1), asked === 2 ? Promise.resolve(true) : Promise.reject(new Error("away"))),
    };
    const turn = make({ tenure, store, send: () => Promise.resolve() });
    expect(await turn.keep("a", 1)).to.equal(true);
    expect(asked).to.equal(2);
    lose();
    expect(await turn.keep("a", 2)).to.equal(false);
    expect(asked).to.equal(3);
  });
});
