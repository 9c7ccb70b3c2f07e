/** The function that deploys services anew after a rotation, against an ECS API of ours. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";

type Handler = (event: { cluster: string; services: readonly string[] }) => Promise<unknown>;

/** Where the SDK finds whom to ask and how to sign; nothing here opens any door. */
const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_MAX_ATTEMPTS: "1",
};

describe("the restart after a rotation", () => {
  let server: Server;
  let handler: Handler;
  const kept: Record<string, string | undefined> = {};
  let asked: Record<string, unknown>[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        asked.push(body);
        const gone = body["service"] === "gone";
        response.statusCode = gone ? 400 : 200;
        response.setHeader("content-type", "application/x-amz-json-1.1");
        response.end(JSON.stringify(gone ? { __type: "ServiceNotFoundException", message: "Service not found." } : {}));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${port}` })) {
      kept[name] = process.env[name];
      process.env[name] = value;
    }
    // A client of its own for this test: the address is read when the module is.
    const module = new URL("../../targets/ecs/deploy-rotation-handler.mjs", import.meta.url);
    handler = ((await import(module.href)) as { handler: Handler }).handler;
  });

  beforeEach(() => {
    asked = [];
  });

  after(() => {
    server.close();
    for (const [name, value] of Object.entries(kept)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  it("deploys each service anew, its task definition unchanged", async () => {
    await handler({ cluster: "cryptotracker", services: ["api-service", "alert-service"] });
    expect(asked).to.have.deep.members(
      ["api-service", "alert-service"].map((service) => ({
        cluster: "cryptotracker",
        service,
        forceNewDeployment: true,
      })),
    );
  });

  it("goes on when one fails, and fails in the end, so that the event is tried again", async () => {
    let message = "";
    try {
      await handler({ cluster: "cryptotracker", services: ["gone", "api-service"] });
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
    expect(message).to.contain("Not deployed anew: gone").and.contain("Service not found");
    expect(asked.map(({ service }) => service)).to.have.members(["gone", "api-service"]);
  });
});
