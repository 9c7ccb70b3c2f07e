import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ecs, eks, kubernetes } from "../../targets/index.ts";
import { lossesPage } from "../../targets/migration/losses-page.ts";
import { compileModel, parityOf } from "../../targets/stack.ts";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev, prod, ROOT, valueOf } from "../support/stacks.ts";

const FILE = join(ROOT, "docs/losses.md");
const TARGETS = { ecs: ecs.losses, eks: eks.losses, kubernetes: kubernetes.losses };

describe("docs/losses.md", () => {
  it("is what the rules say today", () => {
    const page = lossesPage(TARGETS);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(FILE, page);
    expect(readFileSync(FILE, "utf8")).to.equal(page);
  });

  it("has a section with advice for each loss that a stack of ours has", () => {
    const page = readFileSync(FILE, "utf8");
    const found = [dev, prod].flatMap((settings) =>
      parityOf(valueOf(compileModel(cryptotracker(settings), settings, ["ecs", "eks", "kubernetes"]))).differences.map(
        ({ loss }) => loss?.code ?? "undeclared",
      ),
    );
    expect(found).not.to.be.empty;
    for (const code of new Set(found)) {
      const section = page.split(`\n## ${code}\n`)[1]?.split("\n## ")[0] ?? "";
      expect(section, code).to.match(/\*\*What to do\.\*\* \S.{20,}/);
    }
  });

  it("says the same of a code wherever it is declared", () => {
    const rules = Object.values(TARGETS).flat();
    for (const { code, kind } of rules) {
      expect(new Set(rules.filter((each) => each.code === code).map((each) => each.kind)), code).to.deep.equal(
        new Set([kind]),
      );
    }
  });
});
