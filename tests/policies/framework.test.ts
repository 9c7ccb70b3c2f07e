/** What the framework does around every rule, where one rule alone would not show it. */
import { expect } from "chai";
import { packOf } from "../../policies/framework/pack.ts";
import { ofType, type Resource, type Subject } from "../../policies/framework/given.ts";
import { graphOf } from "../../policies/framework/graph.ts";
import { known } from "../../policies/framework/judgement.ts";
import { resourceRule, stackRule } from "../../policies/framework/rule.ts";
import { lasting, pods, type PodOwner } from "../../policies/kubernetes/subjects.ts";
import { podRoot } from "../../policies/kubernetes/containers.ts";
import { deployment } from "../../policies/kubernetes/fixtures.ts";
import { judgeResource, judgeStack, mendResource } from "./support/engine.ts";
import { guarded, UNKNOWN } from "./support/props.ts";

interface Box {
  readonly lid?: string;
  readonly sides?: readonly string[];
}
const TYPE = "test:index/box:Box";
const boxes: Subject<Box> = { types: [TYPE], view: (props) => props };

const described = { controls: ["T.1"], severity: "high", remedy: "Close it." } as const;
const closed = resourceRule({
  ...described,
  name: "box-closed",
  description: "A box is closed.",
  on: boxes,
  *check({ lid, sides = [] }) {
    if (lid !== "closed") yield { at: "lid", found: lid, allowed: "closed" };
    for (const [index, side] of sides.entries()) {
      if (side !== "closed") yield { at: `sides.${index}`, found: side, allowed: "closed" };
    }
  },
  mend: () => ({ lid: "closed" }),
});
const allClosed = stackRule({
  ...described,
  name: "boxes-closed",
  description: "All boxes are closed.",
  over: [boxes],
  *check(graph, _parameters, undecided) {
    for (const { resource, view } of graph.all(boxes)) {
      const lid = known(() => view().lid, undecided);
      if (lid === "open") yield { at: "lid", found: lid, allowed: "closed", on: resource };
    }
  },
});

describe("a check that meets an unknown value", () => {
  it("keeps what it found before", async () => {
    const messages = await judgeResource(closed, TYPE, { lid: "open", sides: [UNKNOWN, "open"] });
    expect(messages).to.deep.equal(["lid: found open; allowed: closed. Close it."]);
  });

  it("of a whole stack goes on with the other resources", async () => {
    const box = (name: string, lid: string) => ({ type: TYPE, name, props: { lid } });
    const messages = await judgeStack(allClosed, [box("a", UNKNOWN), box("b", "open"), box("c", "closed")]);
    expect(messages).to.deep.equal(["lid: found open; allowed: closed. Close it."]);
  });

  it("says what it could not decide", () => {
    const resource: Resource = {
      urn: "urn",
      type: TYPE,
      name: "a",
      props: guarded({ lid: UNKNOWN }),
      protect: false,
      from: {},
    };
    for (const { findings, unknown } of [closed.judge(resource, {}), allClosed.judge(graphOf([resource]), {})]) {
      expect(findings).to.deep.equal([]);
      expect(unknown).to.have.length(1);
      expect(unknown[0]).to.contain(".lid");
    }
  });

  it("still falls over its own mistakes", () => {
    const wrong = resourceRule({
      ...described,
      name: "box-wrong",
      description: "A rule with a mistake in it.",
      on: boxes,
      // eslint-disable-next-line require-yield -- it never gets that far
      *check() {
        throw new TypeError("a mistake of the rule's");
      },
    });
    const resource: Resource = { urn: "urn", type: TYPE, name: "a", props: {}, protect: false, from: {} };
    expect(() => wrong.judge(resource, {})).to.throw(TypeError, "a mistake of the rule's");
  });
});

describe("remediation", () => {
  it("leaves alone what a preview does not know", async () => {
    const mended = await mendResource(closed, TYPE, { lid: "open", sides: [UNKNOWN] });
    expect(Reflect.get(mended ?? {}, "lid")).to.equal("closed");
  });

  it("leaves alone what is exempt", async () => {
    const exemptions = [{ resource: "api", reason: "stays open this week", until: "2026-12-31" }];
    expect(await mendResource(closed, TYPE, { lid: "open" }, { exemptions })).to.equal(undefined);
  });

  it("is no policy's but those that can", () => {
    const [mends, not] = packOf([closed, allClosed]).policies;
    expect(mends).to.have.property("remediateResource");
    expect(not).not.to.have.property("remediateResource");
  });
});

describe("a policy of the pack", () => {
  it("says controls, severity and what to do", () => {
    const [policy] = packOf([closed]).policies;
    expect(policy).to.include({
      name: "box-closed",
      description: "T.1: A box is closed.",
      severity: "high",
      enforcementLevel: "mandatory",
      remediationSteps: "Close it.",
    });
    expect(policy?.configSchema?.properties).to.have.property("exemptions");
  });

  it("refuses a configuration that is not as its schema wants it", async () => {
    let refused: unknown;
    try {
      await judgeResource(closed, TYPE, { lid: "open" }, { exemptions: [{ resource: "api", until: "2026-12-31" }] });
    } catch (error) {
      refused = error;
    }
    expect(String(refused)).to.match(/box-closed\.exemptions\.0\.reason/);
  });
});

describe("a subject", () => {
  const { metadata, spec } = deployment({ securityContext: { readOnlyRootFilesystem: false } });
  const template = spec?.template ?? {};
  const WAYS: Readonly<Record<string, PodOwner>> = {
    "kubernetes:apps/v1:Deployment": { metadata, spec: { template } },
    "kubernetes:apps/v1:StatefulSet": { metadata, spec: { template } },
    "kubernetes:apps/v1:DaemonSet": { metadata, spec: { template } },
    "kubernetes:apps/v1:ReplicaSet": { metadata, spec: { template } },
    "kubernetes:batch/v1:Job": { metadata, spec: { template } },
    "kubernetes:batch/v1:CronJob": { metadata, spec: { jobTemplate: { spec: { template } } } },
    "kubernetes:core/v1:Pod": { metadata, spec: template.spec ?? {} },
  };

  it("of pods is whatever makes them", () => {
    expect(Object.keys(WAYS)).to.have.members([...pods.types]);
    expect(pods.types).to.include.members([...lasting.types]);
  });

  for (const [type, props] of Object.entries(WAYS)) {
    it(`finds the container in a ${type.split(":").at(-1) ?? ""}`, async () => {
      const messages = await judgeResource(podRoot, type, props);
      expect(messages.join()).to.contain("containers.api.securityContext.readOnlyRootFilesystem: found false");
    });
  }

  it("of one type reads it as it is", () => {
    const props = { lid: "open" };
    expect(ofType<Box>(TYPE).view(props)).to.equal(props);
  });
});
