import { once } from "node:events";
import { expect } from "chai";
import { WebSocket } from "ws";
import { startRouter } from "../../../../targets/local/router/index.ts";
import { createTime } from "../../../../targets/local/time.ts";
import { startTarget } from "../fixtures/http-targets.ts";
import { until } from "../fixtures/until.ts";

describe("targets/local/router, a crash", () => {
  it("cuts every connection and comes back on its port with its rules and targets", async () => {
    const router = await startRouter({ idleTimeout: 60, time: createTime(60) });
    const target = await startTarget("a");
    try {
      router.addGroup({
        name: "web",
        check: { path: "/health", port: 1, interval: 6, timeout: 5, failures: 2 },
        deregistrationDelay: 0,
      });
      router.register("web", target.spec);
      router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "web", weight: 1 }] });
      await until(() => router.describeHealth("web").some(({ state }) => state === "healthy"));
      const socket = new WebSocket(router.url.replace(/^http/, "ws"));
      await once(socket, "open");
      const closed = once(socket, "close");
      await router.crash();
      await closed;
      const refused = await fetch(router.url).then(
        () => "",
        (error: unknown) => (error instanceof Error ? String(error.cause) : ""),
      );
      expect(refused).to.include("ECONNREFUSED");
      await router.recover();
      const answer = await fetch(router.url);
      expect([answer.status, await answer.text()]).to.deep.equal([200, "a"]);
    } finally {
      await router.close();
      await target.close();
    }
  });
});
