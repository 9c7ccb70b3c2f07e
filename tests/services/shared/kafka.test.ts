import { expect } from "chai";
import { kafka, parseEnv } from "../../../services/shared/config.ts";
import { iamToken, regionOf } from "../../../services/shared/kafka-iam.ts";
import { createKafka, transport } from "../../../services/shared/kafka.ts";
import { createLogger } from "../../../services/shared/logging.ts";
import { z } from "zod";

const MSK = "b-2.cryptotracker.ab12cd.c3.kafka.eu-west-1.amazonaws.com:9098";

describe("Kafka's transport", () => {
  it("is plain on a laptop and TLS elsewhere, without a name", () => {
    expect(transport("plaintext", undefined)).to.deep.equal({ ssl: false });
    expect(transport("tls", undefined)).to.deep.equal({ ssl: true });
  });

  it("signs an OAuth token for the region, anew for each connection, over TLS", async () => {
    const asked: string[] = [];
    const { ssl, sasl } = transport("iam", "eu-west-1", (region) => {
      asked.push(region);
      return Promise.resolve(`token-${asked.length}`);
    });
    expect(ssl).to.equal(true);
    if (!sasl || !("oauthBearerProvider" in sasl)) throw new Error("no OAuth provider");
    expect(sasl.mechanism).to.equal("oauthbearer");
    expect(await sasl.oauthBearerProvider()).to.deep.equal({ value: "token-1" });
    expect(await sasl.oauthBearerProvider()).to.deep.equal({ value: "token-2" });
    expect(asked).to.deep.equal(["eu-west-1", "eu-west-1"]);
  });

  it("refuses IAM without a region, in a sentence", () => {
    expect(() => transport("iam", undefined)).to.throw("KAFKA_SECURITY is iam, but AWS_REGION is missing.");
  });

  it("takes the region from the brokers' names where nobody says it", () => {
    expect(regionOf(["localhost:9092", MSK])).to.equal("eu-west-1");
    expect(regionOf(["boot-x.c1.kafka-serverless.us-gov-west-1.amazonaws.com:9098"])).to.equal("us-gov-west-1");
    expect(regionOf(["localhost:9092"])).to.equal(undefined);
    const log = createLogger({ service: "test", level: "fatal" });
    expect(() => createKafka({ brokers: [MSK], security: "iam", clientId: "test", log })).not.to.throw();
  });

  it("makes AWS's own token: a signed URL that lets one connect, and no more", async () => {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "example" });
    try {
      const url = new URL(Buffer.from(await iamToken("eu-west-1"), "base64url").toString());
      expect(url.hostname).to.equal("kafka.eu-west-1.amazonaws.com");
      expect(url.searchParams.get("Action")).to.equal("kafka-cluster:Connect");
      expect(url.searchParams.get("X-Amz-Expires")).to.equal("900");
    } finally {
      for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  });

  it("knows three kinds of security and says which when told another", () => {
    const given = { KAFKA_BROKERS: MSK, AWS_REGION: "eu-west-1" };
    for (const security of ["plaintext", "tls", "iam"]) {
      expect(parseEnv(z.object(kafka), { ...given, KAFKA_SECURITY: security }).ok).to.equal(true);
    }
    const refused = parseEnv(z.object(kafka), { ...given, KAFKA_SECURITY: "scram" });
    expect(refused).to.deep.equal({
      ok: false,
      problems: [{ variable: "KAFKA_SECURITY", problem: "must be plaintext, tls or iam" }],
    });
  });
});
