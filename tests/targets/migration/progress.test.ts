import { expect } from "chai";
import { PassThrough } from "node:stream";
import { createLines, createProgress } from "../../../targets/migration/progress.ts";
import { type Outcome, runMigration } from "../../../targets/migration/run.ts";
import type { Progress } from "../../../targets/migration/progress.ts";
import { planned } from "./fixtures.ts";
import { simulate, type SimulationOptions } from "./simulated-stage.ts";

async function shown(progress: Progress, options: Partial<SimulationOptions> = {}): Promise<Outcome> {
  const stage = simulate({ from: "ecs", to: "kubernetes", ...options });
  const { signal } = new AbortController();
  const outcome = await runMigration(planned(), stage, { signal, now: stage.now, observe: progress.observe });
  await progress.done();
  return outcome;
}

/** A stream that is a terminal, or is none, by its own account, and keeps what is written to it. */
function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let written = "";
  const through = Object.assign(new PassThrough(), { isTTY, columns: 200, rows: 60 });
  through.on("data", (chunk: Buffer) => (written += chunk.toString("utf8")));
  // eslint-disable-next-line no-control-regex
  const text = (): string => written.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, "");
  // A real tty.WriteStream needs a terminal's file descriptor, which a test has none of.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return { stream: through as typeof through & NodeJS.WriteStream, text };
}

describe("createLines", () => {
  const linesOf = async (options: Partial<SimulationOptions> = {}): Promise<string[]> => {
    const lines: string[] = [];
    await shown(
      createLines((line) => lines.push(line)),
      options,
    );
    return lines;
  };

  it("writes one line an event, with the time since the start", async () => {
    const lines = await linesOf();
    for (const line of lines) expect(line).to.match(/^\[ *\d+\.\d s\] \S|^\[ *\d+\.\d s\] {3}\S/);
    expect(lines[0]).to.equal("[   0.0 s] ▸ Check what can be checked beforehand");
    expect(lines.at(-1)).to.match(/■ Settled as planned; lost: 0, doubled: 0\.$/);
    for (const { title } of planned().steps) expect(lines.some((line) => line.includes(`✓ ${title}`))).to.equal(true);
  });

  it("writes a note as it is, whenever it comes", () => {
    const lines: string[] = [];
    createLines((line) => lines.push(line)).note("Watch it at http://localhost:1");
    expect(lines).to.deep.equal(["Watch it at http://localhost:1"]);
  });

  it("says once what a gate waits for", async () => {
    const lines = await linesOf();
    const from = lines.findIndex((line) => line.includes("▸ Watch 10 %"));
    const to = lines.findIndex((line) => line.includes("✓ Watch 10 %"));
    expect(lines.slice(from + 1, to)).to.have.length(1);
  });

  it("says why it goes back, and leaves out what it does not come to", async () => {
    const lines = await linesOf({ sides: { kubernetes: { latency: 406, errors: 0 } } });
    expect(lines.find((line) => line.includes("✗ Watch 1 %"))).to.contain("p50 of kubernetes");
    expect(lines.some((line) => line.includes("↩ Rolling back: Watch 1 % on kubernetes failed."))).to.equal(true);
    expect(lines.some((line) => line.includes("10 % on kubernetes"))).to.equal(false);
    expect(lines.at(-1)).to.contain("■ Rolled back; lost: 0, doubled: 0.");
  });
});

describe("createProgress", () => {
  it("writes lines where there is no terminal", async () => {
    const { stream, text } = fakeStream(false);
    await shown(createProgress(planned(), stream));
    expect(text()).to.contain("✓ Deploy kubernetes without traffic");
  });

  it("draws a list by phases on a terminal, and nothing on stdout", async () => {
    const { stream, text } = fakeStream(true);
    const stdout: unknown[] = [];
    const original = process.stdout.write.bind(process.stdout);
    process.stdout.write = (chunk: string | Uint8Array) => stdout.push(chunk) > 0;
    try {
      await shown(createProgress(planned(), stream));
    } finally {
      process.stdout.write = original;
    }
    expect(stdout).to.deep.equal([]);
    for (const phase of ["Prepare", "1 %", "Workers", "100 %", "Rollback drill", "Settle"]) {
      expect(text()).to.match(new RegExp(`✔ ${phase}`));
    }
    expect(text()).to.not.contain("Roll back\n");
  });

  it("shows the way back on a terminal, and ends whatever happens", async () => {
    const failed = fakeStream(true);
    await shown(createProgress(planned(), failed.stream), { failAt: { call: "deploy", nth: 0 } });
    expect(failed.text()).to.contain("✔ Roll back").and.contain("simulated failure of deploy");
    for (const call of ["preflight", "open", "window", "account", "close"] as const) {
      const terminal = fakeStream(true);
      await shown(createProgress(planned(), terminal.stream), { failAt: { call, nth: 0 } });
      expect(terminal.text()).to.not.equal("");
    }
  });
});
