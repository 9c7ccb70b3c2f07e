import { expect } from "chai";

import { connectRedis } from "../../../services/shared/redis.ts";
import { needs, quiet, unique } from "../support.ts";

describe("services/shared/redis", () => {
  it("keeps and forgets", async function () {
    const redis = connectRedis({ url: needs(this, "REDIS_URL"), log: quiet, commandTimeout: 2_000 });
    const key = unique("key");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await redis.ping();
    await redis.set(key, "x", 60_000);
    expect(await redis.get(key)).to.equal("x");
    await redis.close();
  });

  it("rejects at once while Redis is away", async () => {
    const redis = connectRedis({ url: "redis://127.0.0.1:1", log: quiet });
    const failed = await redis.get("x").then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    await redis.close();
  });
});
