import { expect } from "chai";
import { isFinding } from "../../targets/migration/parity.ts";
import { COMPILERS, compileModel, parityOf } from "../../targets/stack.ts";
import { valueOf } from "../support/stacks.ts";
import { modelOf, roomy } from "./model.ts";

describe("the bench's model", () => {
  it("compiles and agrees at a thousand services", () => {
    const parity = parityOf(valueOf(compileModel(modelOf(1000), roomy, COMPILERS)));
    expect(parity.services.length).to.be.at.least(1000);
    expect(parity.differences.filter(isFinding)).to.deep.equal([]);
  });
});
