/**
 * An independent judge of the compiled form: the AWS APIs' own models, as botocore carries them. Skipped where Python or
 * the package index is missing.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { compile } from "../../../targets/ecs/compile.ts";
import type { EcsUnit } from "../../../targets/ecs/forms.ts";
import { dev, prod, valueOf } from "../../support/stacks.ts";

const BOTOCORE = "1.44.5";

interface ApiRequest {
  readonly service: string;
  readonly operation: string;
  readonly params: unknown;
}

/** A Python with botocore, in a cache of its own; undefined where it cannot be had. */
function python(): string | undefined {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(cache, "cryptotracker-platform", `botocore-${BOTOCORE}`);
  const binary = join(folder, "bin", "python");
  if (existsSync(join(folder, "ready"))) return binary;
  const steps: readonly (readonly [command: string, ...args: string[]])[] = [
    ["python3", "-m", "venv", folder],
    [binary, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", `botocore==${BOTOCORE}`],
    ["touch", join(folder, "ready")],
  ];
  return steps.every(([command, ...args]) => spawnSync(command, args, { timeout: 120_000 }).status === 0)
    ? binary
    : undefined;
}

/** Field names of the APIs that begin with a capital: the forms have all of them in camelCase. */
function capitals(value: unknown, keep: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => capitals(each, keep));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      keep.includes(key) ? key : key.charAt(0).toUpperCase() + key.slice(1),
      capitals(each, keep),
    ]),
  );
}

function requestsOf({ taskDefinition, service, scaling, rule, runTask, targetGroup }: EcsUnit): ApiRequest[] {
  const requests: ApiRequest[] = [{ service: "ecs", operation: "RegisterTaskDefinition", params: taskDefinition }];
  if (service) requests.push({ service: "ecs", operation: "CreateService", params: service });
  if (runTask) requests.push({ service: "ecs", operation: "RunTask", params: runTask });
  if (scaling) {
    const { policies, ...target } = scaling;
    const resource = { resourceId: "service/cluster/name" };
    const { serviceNamespace, scalableDimension } = target;
    requests.push({
      service: "application-autoscaling",
      operation: "RegisterScalableTarget",
      params: capitals({ ...target, ...resource }),
    });
    for (const policy of policies) {
      const params = capitals({ ...policy, ...resource, serviceNamespace, scalableDimension });
      requests.push({ service: "application-autoscaling", operation: "PutScalingPolicy", params });
    }
  }
  if (rule) {
    const { targets, ...rest } = rule;
    requests.push({ service: "events", operation: "PutRule", params: capitals(rest) });
    const params = {
      Rule: rule.name,
      Targets: capitals(targets, ["awsvpcConfiguration", "capacityProvider", "weight"]),
    };
    requests.push({ service: "events", operation: "PutTargets", params });
  }
  if (targetGroup) {
    const { attributes, pathPatterns, ...group } = targetGroup;
    requests.push({ service: "elbv2", operation: "CreateTargetGroup", params: capitals(group) });
    requests.push({
      service: "elbv2",
      operation: "ModifyTargetGroupAttributes",
      params: { TargetGroupArn: "arn", Attributes: capitals(attributes) },
    });
    requests.push({
      service: "elbv2",
      operation: "CreateRule",
      params: {
        ListenerArn: "arn",
        Priority: 1,
        Actions: [],
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: pathPatterns } }],
      },
    });
  }
  return requests;
}

describe("ECS form, judged by the APIs' own models", function () {
  this.timeout(300_000);
  let binary = "";

  before(function () {
    const found = python();
    if (found === undefined) {
      console.log("      skipped: no Python with venv, or botocore cannot be had");
      this.skip();
    }
    binary = found;
  });

  function judged(requests: readonly ApiRequest[]): readonly string[] {
    const script = join(import.meta.dirname, "api_rules.py");
    const { stdout, stderr, status } = spawnSync(binary, [script], {
      input: JSON.stringify(requests),
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    expect(status, stderr).to.equal(0);
    return JSON.parse(stdout) as readonly string[];
  }

  for (const settings of [dev, prod]) {
    it(`every request of ${settings.stack} has no unknown, mistyped or missing field`, () => {
      const units = Object.values(valueOf(compile(cryptotracker(settings), settings)).units);
      const requests = units.flatMap(requestsOf);
      expect(requests.length).to.be.greaterThan(units.length * 2);
      expect(judged(requests)).to.deep.equal([]);
    });
  }

  it("would say so otherwise", () => {
    const [unit] = Object.values(valueOf(compile(cryptotracker(dev), dev)).units);
    if (!unit) throw new Error("no unit");
    const wrong = [
      { ...unit.taskDefinition, cpus: "1" },
      { ...unit.taskDefinition, memory: 512 },
      { ...unit.taskDefinition, networkMode: "AWSVPC" },
      { ...unit.taskDefinition, family: undefined },
    ];
    for (const params of wrong) {
      expect(judged([{ service: "ecs", operation: "RegisterTaskDefinition", params }])).to.have.length.greaterThan(0);
    }
  });
});
