import { expect } from "chai";
import { parseSettings, type Settings } from "../../../platform/settings.ts";
import { accessProblems } from "../../../targets/eks/access.ts";
import { clusterVersion, versionProblems, VERSIONS } from "../../../targets/eks/versions.ts";
import { dev, problemsOf, prod } from "../../support/stacks.ts";

const withEks = (eks: Partial<Settings["eks"]>, stack: Settings = dev): Settings => ({
  ...stack,
  eks: { ...stack.eks, ...eks },
});

describe("the cluster's version", () => {
  it("is the newest that EKS supports unless the stack names one", () => {
    const minors = VERSIONS.map(({ version }) => Number(version.split(".")[1]));
    expect(minors).to.deep.equal([...minors].sort((a, b) => b - a));
    expect(clusterVersion(dev)).to.equal(`1.${Math.max(...minors)}`);
    expect(clusterVersion(withEks({ version: "1.35" }))).to.equal("1.35");
  });

  it("is refused out of standard support, with those that are in it and until when", () => {
    expect(versionProblems(dev)).to.deep.equal([]);
    for (const version of ["1.29", "1.99"]) {
      const [problem, ...others] = versionProblems(withEks({ version }));
      expect(others).to.deep.equal([]);
      expect(problem).to.include({ code: "cluster-version", path: "settings.eks.version", found: version });
      for (const { version: allowed, supportedUntil } of VERSIONS) {
        expect(problem?.allowed).to.include(`${allowed} (until ${supportedUntil})`);
      }
    }
  });

  it("asks for quotes where YAML made a number of it, for 1.40 would have become 1.4", () => {
    const problems = problemsOf(parseSettings("x", { "cryptotracker:eks": { version: 1.36 } }));
    const [problem] = problems.filter(({ path }) => path === "settings.eks.version");
    expect(problem).to.include({ code: "bad-setting", found: "1.36" });
    expect(problem?.allowed).to.include("quotes");
  });
});

describe("the way to the cluster's API", () => {
  it("is from inside the VPC unless dev names its networks", () => {
    for (const stack of [dev, prod]) {
      expect(stack.eks.publicAccessCidrs).to.deep.equal([]);
      expect(accessProblems(stack)).to.deep.equal([]);
    }
    expect(accessProblems(withEks({ publicAccessCidrs: ["203.0.113.0/24", "198.51.100.7/32"] }))).to.deep.equal([]);
  });

  it("is never from everywhere, in one range or in halves", () => {
    const found = accessProblems(withEks({ publicAccessCidrs: ["203.0.113.0/24", "0.0.0.0/0", "128.0.0.0/1"] }));
    expect(found.map(({ code, path, found: cidr }) => [code, path, cidr])).to.deep.equal([
      ["cluster-open", "settings.eks.publicAccessCidrs.1", "0.0.0.0/0"],
      ["cluster-open", "settings.eks.publicAccessCidrs.2", "128.0.0.0/1"],
    ]);
  });

  it("is private in prod", () => {
    expect(accessProblems(withEks({ publicAccessCidrs: ["203.0.113.0/24"] }, prod))).to.deep.equal([
      {
        code: "cluster-public",
        path: "settings.eks.publicAccessCidrs",
        found: "203.0.113.0/24",
        allowed: "none in prod: its API answers inside the VPC alone",
      },
    ]);
  });
});
