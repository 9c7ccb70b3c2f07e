/** Workflows ↔ the scripts that they call, and what keeps a pull request from taking over what runs it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { z } from "zod";
import { stackNames } from "../../platform/settings.ts";
import { ROOT } from "../support/stacks.ts";

const FOLDER = ".github/workflows";
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const steps = z.array(
  z.object({
    uses: z.string().optional(),
    run: z.string().optional(),
    with: z.record(z.string(), z.unknown()).default({}),
  }),
);
const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.object({
      permissions: z.record(z.string(), z.string()).optional(),
      "timeout-minutes": z.number().optional(),
      strategy: z.object({ matrix: z.record(z.string(), z.array(z.string())) }).optional(),
      steps,
    }),
  ),
});
const manifest = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});
const { scripts, dependencies } = manifest.parse(JSON.parse(read("package.json")));

/** What is wrong with a workflow, a sentence each. */
function problemsOf(text: string): readonly string[] {
  const { on, permissions, concurrency, jobs } = workflow.parse(parse(text));
  const problems: string[] = [];
  if ("pull_request_target" in on || "workflow_run" in on) {
    problems.push("a fork's change would run with this repository's rights");
  }
  if (permissions === undefined || Object.keys(permissions).length > 0) problems.push("permissions for every job");
  if (concurrency === undefined) problems.push("no concurrency");
  for (const [name, job] of Object.entries(jobs)) {
    if (job.permissions === undefined) problems.push(`${name}: says no permissions`);
    if (job["timeout-minutes"] === undefined) problems.push(`${name}: no timeout`);
    for (const step of job.steps) problems.push(...[...stepProblems(step)].map((problem) => `${name}: ${problem}`));
  }
  for (const [, used = ""] of text.matchAll(/^\s*(?:- )?uses:\s*(.*)$/gm)) {
    if (!/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))
      problems.push(`${used}: no commit with its version`);
  }
  if (/secrets\.(?!GITHUB_TOKEN\b)/.test(text)) problems.push("a key that lasts");
  return problems;
}

function* stepProblems({ uses = "", run = "", with: given }: z.infer<typeof steps>[number]): Iterable<string> {
  for (const [, script = ""] of run.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!(script in scripts)) yield `npm run ${script}: there is no such script`;
  }
  for (const [path] of run.matchAll(/(?<![\w/])\.ci\/[\w.-]+/g)) {
    if (!existsSync(join(ROOT, path))) yield `${path}: there is no such file`;
  }
  // Whoever names a branch would write the script.
  if (run.includes("${{")) yield "an expression inside of a script";
  if (uses.startsWith("actions/checkout@") && given["persist-credentials"] !== false)
    yield "leaves its token in the clone";
}

const GOOD = `
on: { pull_request: }
permissions: {}
concurrency: ci
jobs:
  test:
    permissions: { contents: read }
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${"a".repeat(40)} # v1.2.3
        with: { persist-credentials: false }
      - run: npm run types
      - run: .ci/run
`;

describe("contract: workflows", () => {
  for (const file of readdirSync(join(ROOT, FOLDER))) {
    it(`${file} is in order`, () => expect(problemsOf(read(join(FOLDER, file)))).to.deep.equal([]));
  }

  it("preview with the engine of the SDK, each stack with its own configuration of the policies", () => {
    const { jobs } = workflow.parse(parse(read(`${FOLDER}/ci.yml`)));
    const engines = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter(({ uses = "" }) => uses.startsWith("pulumi/actions@"));
    expect(engines).to.have.length.greaterThan(1);
    for (const { with: given } of engines) expect(given["pulumi-version"]).to.equal(dependencies["@pulumi/pulumi"]);
    const stacks = jobs["preview"]?.strategy?.matrix["stack"] ?? [];
    expect(stacks).to.have.members([...stackNames(ROOT)]);
    for (const stack of stacks) expect(existsSync(join(ROOT, `policies/config.${stack}.json`)), stack).to.equal(true);
  });
});

describe("what a workflow is held to", () => {
  it("lets pass what is in order", () => expect(problemsOf(GOOD)).to.deep.equal([]));

  const cases: readonly [what: string, from: string | RegExp, to: string, said: RegExp][] = [
    ["rights for a fork's change", "pull_request:", "pull_request_target:", /fork's change/],
    ["rights for every job", "permissions: {}", "permissions: { contents: write }", /every job/],
    ["a job that says no rights", "    permissions: { contents: read }\n", "", /says no permissions/],
    ["no end", "    timeout-minutes: 5\n", "", /no timeout/],
    ["runs side by side", "concurrency: ci\n", "", /no concurrency/],
    ["an action by its tag", /@a{40}/, "@v1", /no commit/],
    ["an action by its branch", /@a{40} # v1\.2\.3/, "@main", /no commit/],
    ["a token left behind", "false", "true", /token in the clone/],
    ["a script that there is not", "npm run types", "npm run typs", /npm run typs/],
    ["a file that there is not", ".ci/run", ".ci/runs", /\.ci\/runs: there is no/],
    ["a script that a branch's name writes", ".ci/run", "echo ${{ github.head_ref }}", /expression inside/],
    ["a key that lasts", ".ci/run", "KEY=${{ secrets.AWS_SECRET_ACCESS_KEY }} .ci/run", /key that lasts/],
  ];
  for (const [what, from, to, said] of cases) {
    it(`refuses ${what}`, () => expect(problemsOf(GOOD.replace(from, to)).join("\n")).to.match(said));
  }
});
