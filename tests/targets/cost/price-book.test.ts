import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseBook, PRICES, readBook } from "../../../targets/cost/index.ts";
import { choiceOf } from "../../../targets/aws/instance-types.ts";
import { problemsOf, valueOf } from "../../support/stacks.ts";

/** Our book as a file has it, with one value set (or, for undefined, taken away). */
function changed(path: string, value: unknown): unknown {
  return replaced(PRICES, path.split("/"), value);
}

function replaced(at: object, [key = "", ...rest]: readonly string[], value: unknown): object {
  const { [key]: old, ...others } = { ...at } as Readonly<Record<string, unknown>>;
  if (rest.length > 0) return { ...others, [key]: replaced(Object(old) as object, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}

function found(value: unknown): readonly [code: string, path: string][] {
  return problemsOf(parseBook(value)).map(({ code, path }) => [code, path]);
}

describe("a price book", () => {
  it("is what our own is, as JSON has it", () => {
    expect(valueOf(parseBook(JSON.parse(JSON.stringify(PRICES))))).to.deep.equal(PRICES);
  });

  it("has a price for every machine that a stack may choose", () => {
    const pools = [
      ...(["general", "memory", "iops"] as const).map((pool) => ({ pool })),
      ...(["a10g", "a100"] as const).map((gpu) => ({ pool: "gpu" as const, gpus: 1, gpu })),
    ];
    const types = pools.flatMap((on) =>
      (["x86_64", "arm64"] as const).flatMap((architecture) => {
        const choice = choiceOf({ on, architecture });
        return choice ? [...choice.usual, ...choice.others].map(({ name }) => name) : [];
      }),
    );
    expect(Object.keys(PRICES.prices.instanceHour)).to.include.members(types);
  });

  const refused: readonly [what: string, path: string, value: unknown, code: string, at: string][] = [
    ["a missing price", "prices/eks/controlPlaneHour", undefined, "missing-price", "prices.eks.controlPlaneHour"],
    ["a missing section", "prices/kafka", undefined, "missing-price", "prices.kafka"],
    ["a price that nobody knows", "prices/eks/nodeHour", 1, "unknown-price", "prices.eks.nodeHour"],
    ["a price below nothing", "prices/network/natHour", -1, "bad-price", "prices.network.natHour"],
    ["a price as text", "prices/network/natHour", "0.045", "bad-price", "prices.network.natHour"],
    ["a fraction of a micro-dollar", "prices/network/natHour", 0.0000001, "bad-price", "prices.network.natHour"],
    ["a type's price as text", "prices/instanceHour/m5.large", "cheap", "bad-price", "prices.instanceHour.m5.large"],
    ["a share over one", "assumptions/spotShare/fargate", 40, "bad-price", "assumptions.spotShare.fargate"],
    ["less traffic at the most", "assumptions/natGb", { min: 2, desired: 3, max: 1 }, "bad-price", "assumptions.natGb"],
    ["no date", "date", "last summer", "bad-price", "date"],
    ["no region", "region", "Ohio", "bad-price", "region"],
  ];
  for (const [what, path, value, code, at] of refused) {
    it(`is not one with ${what}`, () => {
      expect(found(changed(path, value))).to.deep.equal([[code, at]]);
    });
  }

  it("is told all of its problems at once, with what was found and what is allowed", () => {
    const book = { ...PRICES, date: "2026-13-01", region: 7 };
    expect(problemsOf(parseBook(book)).map(({ path }) => path)).to.have.members(["date", "region"]);
    const [problem] = problemsOf(parseBook(changed("prices/network/natHour", "free")));
    expect(problem?.found).to.equal('"free"');
    expect(problem?.allowed).to.match(/number/);
  });

  for (const value of [null, [], "prices", 3]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(found(value)).to.deep.equal([["bad-price", "--prices"]]);
    });
  }

  describe("from a file", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "prices-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (text: string): string => {
      const file = join(folder, "prices.json");
      writeFileSync(file, text);
      return file;
    };

    it("is read as it is", () => {
      expect(valueOf(readBook(write(JSON.stringify(PRICES))))).to.deep.equal(PRICES);
    });

    for (const [what, file] of [
      ["one that is not there", () => join(folder, "nothing.json")],
      ["a folder", () => folder],
      ["what is no JSON", () => write("{ region: us-east-1 }")],
      ["an empty one", () => write("")],
    ] as const) {
      it(`is refused where it is ${what}`, () => {
        const path = file();
        expect(problemsOf(readBook(path)).map((problem) => [problem.code, problem.path])).to.deep.equal([
          ["price-file", path],
        ]);
      });
    }
  });
});
