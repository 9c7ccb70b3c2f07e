/** The coins that posts are searched for ↔ those that the API lists: two services that must not know each other. */
import { expect } from "chai";
import { COINS as LISTED } from "../../services/api/coins.ts";
import { COINS as SEARCHED } from "../../services/preprocessing/coins.ts";

describe("contract: coins", () => {
  it("are listed, each once and with a name, when posts are searched for them", () => {
    expect(LISTED.map(({ symbol }) => symbol)).to.have.members(SEARCHED.map(({ symbol }) => symbol));
    expect(LISTED.filter(({ name }) => name === "")).to.deep.equal([]);
  });
});
