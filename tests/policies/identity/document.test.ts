/** IAM documents come in many spellings, which all mean the same. */
import { expect } from "chai";
import { allows, asks, inStatement, readDocument } from "../../../policies/identity/document.ts";

describe("readDocument", () => {
  it("reads one and many alike, as JSON or as what it stands for", () => {
    const one = { Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:a" } };
    const many = { Statement: [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["arn:a"] }] };
    expect(readDocument(one)).to.deep.equal(readDocument(JSON.stringify(many)));
    expect(readDocument(one)[0]).to.deep.include({ actions: ["sqs:SendMessage"], resources: ["arn:a"] });
  });

  it("knows everybody by either spelling, and keeps named ones by their kind", () => {
    const principals = (Principal: unknown) =>
      readDocument({ Statement: { Effect: "Allow", Principal } })[0]?.principals;
    expect(Object.values(principals("*") ?? {}).flat()).to.deep.equal(["*"]);
    expect(Object.values(principals({ AWS: "*" }) ?? {}).flat()).to.deep.equal(["*"]);
    expect(principals({ Service: ["a", "b"] })).to.deep.equal({ Service: ["a", "b"] });
  });

  it("asks for a condition key in any case of letters, under any operator", () => {
    const Condition = { ArnLike: { "AWS:SourceArn": "arn:aws:sns:*" } };
    const [statement] = readDocument({ Statement: { Effect: "Allow", Condition } });
    if (!statement) throw new Error("There is a statement.");
    expect(asks(statement, "aws:SourceArn")).to.equal(true);
    expect(asks(statement, "aws:SourceAccount")).to.equal(false);
  });

  it("tells what allows from what denies, and names a statement by its id or its place", () => {
    const found = readDocument({ Statement: [{ Sid: "Tls", Effect: "Deny" }, { Effect: "Allow" }] });
    expect(found.map(allows)).to.deep.equal([false, true]);
    expect(found.map((each, index) => inStatement(each, index, "Action"))).to.deep.equal([
      "Statement.Tls.Action",
      "Statement.1.Action",
    ]);
  });

  it("finds no statement in what is no document", () => {
    for (const strange of ["", "{", "[]", 7, null, undefined, { Version: "2012-10-17" }]) {
      expect(readDocument(strange)).to.deep.equal([]);
    }
  });
});
