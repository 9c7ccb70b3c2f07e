/** Whole rehearsals as a person runs them: real stores, real processes, live load. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { z } from "zod";
import type { Evidence } from "../targets/migration/evidence.ts";
import { withoutStores } from "./support/environment.ts";
import { ROOT } from "./support/stacks.ts";

interface Rehearsal {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly watched: readonly z.infer<typeof system>[];
  readonly evidence: Evidence;
  readonly page: string;
}

function start(folder: string, args: readonly string[]) {
  return spawn(
    process.execPath,
    ["--disable-warning=TimeoutNegativeWarning", "cli.mjs", "rehearse", "--evidence", folder, ...args],
    {
      cwd: ROOT,
      env: withoutStores(),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

const system = z.object({
  phase: z.string(),
  steps: z.array(z.object({ title: z.string(), state: z.string() })),
  sides: z.array(
    z.object({ name: z.string(), weight: z.number(), services: z.array(z.object({ ready: z.number() })) }),
  ),
});

/** What its dashboard shows while it runs, a look after the other. */
async function watch(child: ReturnType<typeof start>): Promise<readonly z.infer<typeof system>[]> {
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const seen: z.infer<typeof system>[] = [];
  while (child.exitCode === null) {
    const [, url] = /^Watch it at (http:\/\/localhost:\d+)\/#\/system$/m.exec(stderr) ?? [];
    const answer = url === undefined ? null : await fetch(`${url}/system.json`).catch(() => null);
    if (answer?.ok === true) seen.push(system.parse(await answer.json()));
    await sleep(200);
  }
  return seen;
}

async function rehearse(...args: readonly string[]): Promise<Rehearsal> {
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
  try {
    const child = start(folder, args);
    const [stdout, stderr, watched] = await Promise.all([text(child.stdout), text(child.stderr), watch(child)]);
    if (child.exitCode === null) await once(child, "exit");
    // Written by the command under test, whose shape is what this test is about.
    const evidence = JSON.parse(readFileSync(join(folder, "evidence.json"), "utf8")) as Evidence;
    return {
      status: child.exitCode,
      stdout,
      stderr,
      watched,
      evidence,
      page: readFileSync(join(folder, "evidence.html"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function passwordsIn(text: string): readonly string[] {
  return text.match(/\w+:\/\/[^\s:/@"]*:[^\s/@"]+@/g) ?? [];
}

describe("rehearsal", function () {
  this.timeout(600_000);

  it("migrates under load with a rollback drill and loses nothing", async () => {
    const { status, stdout, stderr, watched, evidence, page } = await rehearse();
    expect(status, stderr.slice(-4000)).to.equal(0);
    expect(evidence.ending).to.equal("settled");
    expect(stdout)
      .to.include("lost: 0, doubled: 0")
      .and.to.match(/Rollback drill: old side at 100 % after (less than )?\d+ ms/);
    expect(evidence.totals).to.include({ lost: 0, doubled: 0 });
    expect(evidence.totals.requests).to.be.at.least(10_000);
    expect(evidence.totals.acknowledgedWrites).to.be.at.least(1_000);
    expect(evidence.totals.subscribers).to.be.at.least(20);
    expect(evidence.totals.feedMessages).to.be.at.least(5_000);
    expect(evidence.accounts.map(({ subject }) => subject)).to.have.members(["writes", "feed", "stream", "requests"]);
    const weights = watched.map(({ sides }) => sides.find(({ name }) => name === "eks")?.weight ?? 0);
    expect(new Set(weights)).to.deep.equal(new Set([0, 1, 10, 50, 100]));
    const titles = evidence.steps.map(({ title }) => title);
    for (const { steps } of watched) expect(steps.map(({ title }) => title)).to.deep.equal(titles);
    const shares = evidence.steps.flatMap(({ kind, weights }) => (kind === "shift" && weights ? [weights["eks"]] : []));
    expect(shares).to.deep.equal([1, 10, 50, 100, 100]);
    expect(evidence.gates.every(({ state }) => state === "pass")).to.equal(true);
    expect(evidence.waysBack.map(({ because, weights }) => [because, weights])).to.deep.equal([
      ["drill", { ecs: 100, eks: 0 }],
    ]);
    expect(page)
      .to.include("<!doctype html>")
      .and.to.not.match(/(src|href)="https?:/);
    expect(passwordsIn(page + stdout + stderr + JSON.stringify(evidence))).to.deep.equal([]);
  });

  const faults: readonly [name: string, step: RegExp, sentence: RegExp][] = [
    ["crash-on-boot", /^deploy$/, /3 starts failed in a row: it ended \(exit code 1\)/],
    ["wrong-secret", /^deploy$/, /\/ready answered 503/],
    ["slow", /^gate-1$/, /p50 of eks is [\d.]+ ms against [\d.]+ ms of ecs/],
    ["errors", /^gate-(1|10)$/, /of eks's requests fail|eks: \d+ of \d+ requests failed/],
  ];
  for (const [fault, step, sentence] of faults) {
    it(`--fault ${fault} rolls back by itself, says why, and loses nothing`, async () => {
      // Twice as fast, but where a rate must be told from a few requests: its gate needs the samples of its whole patience.
      const { status, evidence, stdout, stderr } = await rehearse(
        "--fault",
        fault,
        "--speed",
        fault === "errors" ? "10" : "20",
      );
      expect(status, stderr.slice(-4000)).to.equal(1);
      expect(evidence.ending).to.equal("rolledBack");
      expect(evidence.failures[0]?.step).to.match(step);
      expect(evidence.failures[0]?.sentence).to.match(sentence);
      expect(stdout).to.match(sentence);
      expect(evidence.totals).to.include({ lost: 0, doubled: 0 });
      expect(
        evidence.waysBack.map(({ because, weights }) => [because, weights["ecs"], weights["eks"] ?? 0]),
      ).to.deep.equal([["failure", 100, 0]]);
      expect(evidence.accounts.every(({ acknowledged }) => acknowledged > 0)).to.equal(true);
    });
  }

  it("leaves nothing running and no folder behind when it is interrupted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
    try {
      const child = start(folder, []);
      let output = "";
      const url = new Promise<string>((resolve) => {
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
          output += chunk;
          const [, at] = /load balancer at (http:\S+)/.exec(output) ?? [];
          if (at !== undefined && output.includes("load: ")) resolve(at);
        });
      });
      const at = await url;
      expect((await fetch(`${at}/api/v1/prices`)).status).to.equal(200);
      child.kill("SIGINT");
      const [code] = (await once(child, "exit")) as [number | null];
      expect(code).to.equal(1);
      await fetch(`${at}/api/v1/prices`).then(
        () => expect.fail("the load balancer still answers"),
        () => undefined,
      );
      const { ending } = JSON.parse(readFileSync(join(folder, "evidence.json"), "utf8")) as Evidence;
      expect(ending).to.equal("interrupted");
      expect(existsSync(folder)).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const refused: readonly [args: readonly string[], sentence: RegExp][] = [
    [["--fault", "meteor"], /"meteor"; allowed: one of crash-on-boot, slow, .*killed/],
    [["--to", "nomad"], /nomad; allowed: one of ecs, eks, kubernetes/],
    [["--from", "eks"], /eks; allowed: another side than/],
    [["--stage", "moon"], /Allowed choices are local/],
    [["--speed", "fast"], /--speed: NaN; allowed: a number above 0/],
  ];
  for (const [args, sentence] of refused) {
    it(`${args.join(" ")} ends 2 with a sentence, before anything is started`, async () => {
      const child = start("unused", args);
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (child.exitCode === null) await once(child, "exit");
      expect(child.exitCode).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(sentence)
        .and.to.not.match(/^\s+at /m);
      expect(existsSync(join(ROOT, "unused"))).to.equal(false);
    });
  }
});
