import { join } from "node:path";
import { expect } from "chai";
import { buildOf, entriesUnder } from "../../../../targets/local/runtime/index.ts";
import { FIXTURES } from "../fixtures/behaviours.ts";

describe("targets/local/runtime images", () => {
  it("finds the build in every form of reference", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(buildOf("cryptotracker/api:latest")).to.equal("api");
    expect(buildOf("api")).to.equal("api");
    expect(buildOf(`123.dkr.ecr.us-east-1.amazonaws.com/cryptotracker/data-ingestion@${digest}`)).to.equal(
      "data-ingestion",
    );
    expect(buildOf(`localhost:5000/cryptotracker/websocket:1.2@${digest}`)).to.equal("websocket");
    expect(buildOf("${image.data-ingestion.reference}")).to.equal("data-ingestion");
    expect(buildOf("")).to.equal(null);
    expect(buildOf("cryptotracker/../..")).to.equal(null);
  });

  it("leads to the service's main.ts, or to null where there is none", () => {
    const entryOf = entriesUnder(FIXTURES);
    expect(entryOf("x/web:1")).to.equal(join(FIXTURES, "services/web/main.ts"));
    expect(entryOf("x/sentiment:1")).to.equal(null);
  });
});
