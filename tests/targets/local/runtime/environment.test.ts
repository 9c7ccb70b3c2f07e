import { expect } from "chai";
import { callsOf, environmentOf, type Resolvers } from "../../../../targets/local/runtime/environment.ts";
import { web } from "../fixtures/behaviours.ts";

const resolve: Resolvers = {
  fill: (text) => text.replace("${topic.prices.brokers}", "127.0.0.1:9"),
  secret: ({ secret, key }) => {
    if (secret === "unknown") throw new Error("there is no secret unknown");
    return `${secret}/${key}`;
  },
  localUrl: (name, port) => `http://127.0.0.1:${name.length}#${port}`,
};

describe("targets/local/runtime environment", () => {
  it("fills placeholders, secrets and calls, and maps the port", () => {
    const behaviour = web({
      env: { PORT: "3001", KAFKA_BROKERS: "${topic.prices.brokers}", AUTH_URL: "workload://auth:3000/v1" },
      secrets: { DATABASE_URL: { secret: "database-url", key: "url" } },
    });
    expect(environmentOf(behaviour, resolve, 21_000)).to.deep.equal({
      PATH: process.env["PATH"],
      PORT: "21000",
      HOST: "127.0.0.1",
      KAFKA_BROKERS: "127.0.0.1:9",
      AUTH_URL: "http://127.0.0.1:4#3000/v1",
      DATABASE_URL: "database-url/url",
    });
    expect(callsOf(behaviour)).to.deep.equal([{ name: "auth", port: 3000 }]);
  });

  it("refuses a PORT that is not the declared one, naming both", () => {
    expect(() => environmentOf(web({ env: { PORT: "3002" } }), resolve, 1)).to.throw(/port 3001.*PORT=3002/);
    const without = { ...web(), env: {} };
    expect(() => environmentOf(without, resolve, 1)).to.throw("PORT=(nothing)");
  });

  it("names the variable that nothing resolves", () => {
    const behaviour = web({ secrets: { TOKEN: { secret: "unknown", key: "value" } } });
    expect(() => environmentOf(behaviour, resolve, 1)).to.throw("web-service: TOKEN can't be resolved");
  });
});
