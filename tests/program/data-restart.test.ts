/** The function that deploys services anew after a rotation, against an ECS API of ours. */
import { expect } from "chai";
import { startEcsApi, type EcsApi } from "./support/ecs-api.ts";

type Handler = (event: { cluster: string; services: readonly string[] }) => Promise<unknown>;

describe("the restart after a rotation", () => {
  let api: EcsApi;
  let handler: Handler;
  let asked: Readonly<Record<string, unknown>>[] = [];

  before(async () => {
    const gone = { __type: "ServiceNotFoundException", message: "Service not found." };
    api = await startEcsApi(
      ({ body }) => {
        asked.push(body);
        return body["service"] === "gone" ? { status: 400, body: gone } : { body: {} };
      },
      { AWS_MAX_ATTEMPTS: "1" },
    );
    // A client of its own for this test: the address is read when the module is.
    const module = new URL("../../targets/ecs/deploy-rotation-handler.mjs", import.meta.url);
    handler = ((await import(module.href)) as { handler: Handler }).handler;
  });

  beforeEach(() => {
    asked = [];
  });

  after(() => api.stop());

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
