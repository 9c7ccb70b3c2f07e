/** Six cases for every rule, made from the fixture beside it. A rule without one fails. */
import { expect } from "chai";
import { settle } from "../../policies/framework/config.ts";
import { graphOf } from "../../policies/framework/graph.ts";
import type { Made } from "../../policies/fixtures.ts";
import { rules } from "../../policies/rules.ts";
import { judgeResource, judgeStack, mendResource, NAME } from "./support/engine.ts";
import { pairs, type Pair } from "./support/fixtures.ts";
import { guarded, unknownAt, without } from "./support/props.ts";

const all = await pairs();

type Given = object | readonly Made[];

/** One way to judge, whichever kind of rule. */
function judge({ rule }: Pair, given: Given, config: object = {}): Promise<string[]> {
  if (rule.scope === "stack") return judgeStack(rule, given as readonly Made[], config);
  return judgeResource(rule, rule.types[0] ?? "", given, config);
}

/** Of a stack, the path starts with the resource's name. */
function changed({ rule }: Pair, given: Given, path: string, change: (props: object, path: string) => object): Given {
  if (rule.scope === "resource") return change(given, path);
  const [name = "", ...rest] = path.split(".");
  return (given as readonly Made[]).map((resource) =>
    resource.name === name ? { ...resource, props: change(resource.props, rest.join(".")) } : resource,
  );
}

function unknownsOf({ rule, fixture }: Pair, given: Given): readonly string[] {
  const { parameters } = settle(rule, fixture.config);
  const resource = (type: string, name: string, props: object) => ({
    type,
    name,
    props: guarded(props),
    urn: name,
    protect: false,
    from: {},
  });
  if (rule.scope === "resource") return rule.judge(resource(rule.types[0] ?? "", NAME, given), parameters).unknown;
  const made = (given as readonly Made[]).map(({ type, name, props }) => resource(type, name, props));
  return rule.judge(graphOf(made), parameters).unknown;
}

describe("the rules", () => {
  it("each have a fixture", () => {
    const tested = new Set(all.map(({ rule }) => rule.name));
    expect(rules.map(({ name }) => name).filter((name) => !tested.has(name))).to.deep.equal([]);
  });

  it("each belong to a group", () => {
    const grouped = new Set(rules.map(({ name }) => name));
    expect(all.map(({ rule }) => rule.name).filter((name) => !grouped.has(name))).to.deep.equal([]);
  });

  it("have names of their own", () => {
    expect(new Set(rules.map(({ name }) => name)).size).to.equal(rules.length);
  });

  it("say what holds, where it comes from and what to do", () => {
    for (const { name, description, controls, remedy } of rules) {
      expect(name, name).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
      expect(description, name).to.match(/^[A-Z].{15,160}\.$/);
      expect(remedy, name).to.match(/^[A-Z].{10,}\.$/);
      expect(controls.length, name).to.be.greaterThan(0);
    }
  });
});

for (const pair of all) {
  const { rule, fixture } = pair;
  const { config = {}, violating, compliant, decides, absent } = fixture;
  describe(`rule ${rule.name}`, () => {
    it("lets pass what is in order", async () => {
      expect(await judge(pair, compliant, config)).to.deep.equal([]);
    });

    for (const { given, found } of violating) {
      it(`finds ${found}`, async () => {
        const messages = await judge(pair, given, config);
        expect(messages.join("\n")).to.contain(found).and.contain(rule.remedy);
      });
    }

    it(`takes an absent ${decides} for ${absent}`, async () => {
      const messages = await judge(pair, changed(pair, compliant, decides, without), config);
      expect(messages.length > 0 ? "broken" : "kept").to.equal(absent);
    });

    it("neither falls over nor complains where a preview does not know", async () => {
      const [first] = violating;
      if (!first) throw new Error("A rule that nothing violates.");
      const unknown = changed(pair, first.given, decides, unknownAt);
      expect(await judge(pair, unknown, config)).to.deep.equal([]);
      expect(unknownsOf(pair, unknown)).to.have.length.greaterThan(0);
    });

    it("has nothing to say about another type", async () => {
      const given = violating[0]?.given ?? {};
      const other = "random:index/randomId:RandomId";
      const messages =
        rule.scope === "resource"
          ? await judgeResource(rule, other, given, config)
          : await judgeStack(
              rule,
              (given as readonly Made[]).map((resource) => ({ ...resource, type: other })),
              config,
            );
      expect(messages).to.deep.equal([]);
    });

    if (Object.keys(rule.parameters.shape).length > 0) {
      it("has a case with a configuration of its own", () => expect(fixture.configured ?? []).not.to.deep.equal([]));
    }
    for (const { config: own, given, then } of fixture.configured ?? []) {
      it(`configured ${JSON.stringify(own)}, ${then}`, async () => {
        expect((await judge(pair, given, own)).length > 0 ? "broken" : "kept").to.equal(then);
      });
    }

    it("exempts with a reason until a day, and complains after it", async () => {
      const given = violating[0]?.given ?? {};
      const messages = await judge(pair, given, config);
      const about = rule.scope === "resource" ? [NAME] : ["*", ...(given as readonly Made[]).map(({ name }) => name)];
      const until = (day: string) => ({
        ...config,
        exemptions: about.map((resource) => ({ resource, reason: "moved out next quarter", until: day })),
      });
      expect(messages).to.have.length.greaterThan(0);
      expect(await judge(pair, given, until("2026-11-30"))).to.deep.equal([]);
      expect((await judge(pair, given, until("2026-11-29"))).join("\n")).to.contain("expired on 2026-11-29");
    });

    if (rule.scope === "resource" && rule.mend) {
      it("mends what it finds, and nothing else", async () => {
        const [type = ""] = rule.types;
        for (const { given } of violating) {
          const mended = await mendResource(rule, type, given);
          expect(await judgeResource(rule, type, mended ?? given)).to.deep.equal([]);
        }
        expect(await mendResource(rule, type, compliant)).to.equal(undefined);
      });
    }
  });
}
