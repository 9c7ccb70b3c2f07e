import { expect } from "chai";

import { createRateLimiter } from "../../../services/shared/rate-limit.ts";
import { connectRedis } from "../../../services/shared/redis.ts";
import { needs, quiet, unique, until } from "../support.ts";

describe("services/shared/rate-limit on Redis", () => {
  type Client = ReturnType<typeof connectRedis>;
  let clients: readonly Client[] = [];

  before(async function () {
    const url = needs(this, "REDIS_URL");
    clients = [1, 2].map(() => connectRedis({ url, log: quiet }));
    for (const client of clients) {
      await until(() =>
        client.ping().then(
          () => true,
          () => false,
        ),
      );
    }
  });
  after(() => Promise.all(clients.map((client) => client.close())));

  it("counts over all replicas, and lets through exactly as many as it says", async () => {
    const limit = { name: unique("limit"), most: 10, windowMilliseconds: 60_000 };
    const usages = await Promise.all(
      Array.from({ length: 15 }, () =>
        clients.map((client) => createRateLimiter(client, quiet).take(limit, "one")),
      ).flat(),
    );
    expect(usages.filter((usage) => usage?.allowed).length).to.equal(10);
    expect(usages.map((usage) => usage?.remaining).sort()).to.deep.equal(
      Array.from({ length: 30 }, (_, n) => Math.max(0, 9 - n)).sort(),
    );
    for (const usage of usages) expect(usage?.resetSeconds).to.be.within(59, 60);
  });

  it("begins anew when the window is over, and keeps subjects apart", async () => {
    const limit = { name: unique("limit"), most: 1, windowMilliseconds: 300 };
    const [client] = clients;
    if (!client) throw new Error("no client");
    const limiter = createRateLimiter(client, quiet);
    expect((await limiter.take(limit, "a"))?.allowed).to.equal(true);
    expect((await limiter.take(limit, "a"))?.allowed).to.equal(false);
    expect((await limiter.take(limit, "b"))?.allowed).to.equal(true);
    await until(async () => (await limiter.take(limit, "a"))?.allowed === true);
  });

  it("knows nothing, and so refuses nobody, while Redis is away", async () => {
    const away = connectRedis({ url: "redis://127.0.0.1:1", log: quiet });
    const limit = { name: unique("limit"), most: 0, windowMilliseconds: 1_000 };
    expect(await createRateLimiter(away, quiet).take(limit, "a")).to.equal(undefined);
    await away.close();
  });
});
