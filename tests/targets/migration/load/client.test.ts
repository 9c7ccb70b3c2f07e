import { expect } from "chai";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "../../../../targets/migration/load/client.ts";
import { type Exchange, type Manner, startExchange } from "./exchange.ts";

const GET = { method: "GET", path: "/api/v1/prices" } as const;

describe("createClient", () => {
  const exchanges: Exchange[] = [];
  const against = async (...manners: Manner[]) => {
    const exchange = await startExchange({ manner: (nth) => manners[Math.min(nth, manners.length - 1)] ?? "ok" });
    exchanges.push(exchange);
    return createClient({ baseUrl: exchange.baseUrl, timeoutMilliseconds: 100 });
  };
  afterEach(() => Promise.all(exchanges.splice(0).map((exchange) => exchange.close())));

  it("answers with status and body", async () => {
    const client = await against("ok");
    const attempt = await client.call(GET);
    expect(attempt).to.include({ answered: true, status: 200 });
    client.close();
  });

  it("names a timeout and a reset, and goes on", async () => {
    const client = await against("hang", "reset", "ok");
    expect(await client.call(GET)).to.deep.equal({ answered: false, reason: "timeout" });
    expect(await client.call(GET)).to.deep.equal({ answered: false, reason: "reset" });
    expect(await client.call(GET)).to.include({ status: 200 });
    client.close();
  });

  it("names a refused connection", async () => {
    const exchange = await startExchange();
    await exchange.close();
    const client = createClient({ baseUrl: exchange.baseUrl });
    expect(await client.call(GET)).to.deep.equal({ answered: false, reason: "refused" });
    client.close();
  });

  it("ends what is in flight when it is closed, and starts nothing more", async () => {
    const client = await against("hang");
    const call = client.call(GET);
    setImmediate(() => client.close());
    expect(await call).to.deep.equal({ answered: false, reason: "aborted" });
    expect(await client.call(GET)).to.deep.equal({ answered: false, reason: "aborted" });
  });

  it("tries again where a kept connection had been closed meanwhile", async () => {
    let connections = 0;
    let requests = 0;
    const server = createServer((request, response) => {
      if (++requests === 2) request.socket.resetAndDestroy();
      else response.end("{}");
    }).on("connection", () => connections++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const attempts = [await client.call(GET), await client.call(GET)];
    client.close();
    server.close();
    server.closeAllConnections();
    expect(attempts.map((attempt) => attempt.answered)).to.deep.equal([true, true]);
    expect(connections).to.equal(2);
  });
});
