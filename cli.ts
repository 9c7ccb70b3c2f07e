/** The commands: argument parsing and printing, nothing else. Exit codes: 0 ok, 1 finding, 2 bad use or a missing prerequisite. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { compiledTable, parityReport, problemLines, rehearsalReport } from "./targets/commands/report.ts";
import { writeForms } from "./targets/commands/write-forms.ts";
import { stackNames } from "./platform/settings.ts";
import { isFinding } from "./targets/migration/parity.ts";
import { COMPILERS, compileStack, parityOf, type Compiler, type CompiledStack } from "./targets/stack.ts";

const HERE = import.meta.dirname;

/** Bad use or a missing prerequisite: one sentence for stderr, exit 2. */
class Refusal extends Error {}

function compilers(value: string): readonly Compiler[] {
  if (value === "all") return COMPILERS;
  const known = COMPILERS.find((name) => name === value);
  if (known) return [known];
  throw new InvalidArgumentError(`There is ${COMPILERS.join(", ")} and all.`);
}

function port(value: string): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError("A port is a number from 0 to 65535; 0 takes any free one.");
}

function names(value: string): readonly string[] {
  return value.split(",").map((name) => name.trim());
}

function stackOrRefuse(stack: string, targets: readonly Compiler[]): CompiledStack {
  const compiled = compileStack(HERE, stack, targets);
  if (!compiled.ok) throw new Refusal(problemLines(compiled.problems));
  return compiled.value;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function program(): Command {
  const cli = new Command("npm run")
    .description("CryptoTracker: one service model, two compiled forms, one rehearsed migration")
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)");

  cli
    .command("compile")
    .description("compile the model into the JSON that the target's own API takes")
    .option("--stack <name>", "the stack whose settings count", "dev")
    .option("--target <name>", `${COMPILERS.join(", ")} or all`, compilers, COMPILERS)
    .option("--out <folder>", "write <folder>/<stack>/<target>/<service>.json, _shared.json and losses.json")
    .option("--json", "everything as one JSON document on stdout")
    .action((options: { stack: string; target: readonly Compiler[]; out?: string; json?: true }) => {
      const stack = stackOrRefuse(options.stack, options.target);
      const written = options.out === undefined ? [] : writeForms(options.out, stack);
      if (options.json) {
        const targets = Object.fromEntries(stack.forms.map(({ target, units, shared }) => [target, { units, shared }]));
        print(JSON.stringify({ stack: options.stack, targets, written }, null, 2));
      } else {
        print(compiledTable(stack, parityOf(stack)));
        if (options.out !== undefined) console.error(`${written.length} files under ${options.out}`);
      }
    });

  cli
    .command("parity")
    .description("read both forms back and compare them with the model and with each other, or two of your own")
    .option("--stack <name>", "the stack whose settings count", "dev")
    .option("--ecs <files...>", "in place of a stack: what aws ecs describe-task-definition, describe-services print")
    .option("--kubernetes <files...>", "manifests, as kubectl get -o yaml or helm template prints them")
    .option("--pair <names...>", "<name on ECS>=<name on Kubernetes>, where names do not tell what belongs together")
    .option("--json", "everything as one JSON document on stdout")
    .action(parityCommand);

  cli
    .command("import")
    .description("make a model of task definitions and services, or of manifests, that were not compiled here")
    .argument("<files...>", "what aws ecs describes, or manifests")
    .option("--out <file>", "where the model file goes; without it, stdout")
    .option("--json", "the model and what it does not say as one JSON document on stdout")
    .action(importCommand);

  cli
    .command("cost")
    .description("price both forms at list prices, part by part and side by side")
    .option("--stack <name>", "the stack whose settings count", "dev")
    .addOption(new Option("--target <name>", "what is priced").choices(["ecs", "eks", "all"]).default("all"))
    .option("--prices <file>", "prices and assumptions of your own, in the form that --json prints")
    .option("--json", "everything as one JSON document on stdout")
    .action(costCommand);

  cli
    .command("rehearse")
    .description("migrate from one side to the other, under live load, with gates and a way back")
    .option("--stack <name>", "the stack whose settings count", "dev")
    .option("--from <side>", "the side that carries the traffic today", "ecs")
    .option("--to <side>", "the side that shall carry it", "eks")
    .addOption(
      new Option("--stage <name>", "what it runs on: this machine, or the stacks that are up on AWS")
        .choices(["local", "aws"])
        .default("local"),
    )
    .option("--dry-run", "show the plan, how long it takes and what both sides cost meanwhile; start nothing")
    .option("--only <names>", "move these workloads alone, with commas", names, [])
    .option("--except <names>", "move all but these", names, [])
    .option("--hold <percent>", "pause at this share until Enter is pressed, or --resume is given", Number)
    .option("--resume", "go on with the migration that was begun and has not ended")
    .option("--roll-back", "take back the migration that was begun and has not ended")
    .option("--fault <name>", "break something on purpose; a name that is none shows all")
    .option(
      "--drill <names>",
      "all, or faults by name with commas: a rehearsal for each, and a table of how they ended",
    )
    .addOption(
      new Option("--settle <how>", "keep the new side at the end, or go back")
        .choices(["keep", "back"])
        .default("keep"),
    )
    .option("--speed <factor>", "model seconds in one real second, on this machine", Number, 10)
    .option(
      "--all-services",
      "carry every service, with accounts of alerts and posts; on two cores, let nothing else run",
    )
    .option("--evidence <folder>", "where evidence.json and evidence.html go", "evidence")
    .option("--json", "the evidence as one JSON document on stdout")
    .action(rehearseCommand);

  cli
    .command("start")
    .description("the whole platform on this machine: stores, feed, every service of one form, on one port")
    .addOption(new Option("--form <name>", "which compiled form runs").choices(COMPILERS).default("ecs"))
    .option("--stack <name>", "the stack whose settings count", "dev")
    .option("--port <number>", "where it is reached", port, 8080)
    .option("--json", "once everything runs, its addresses as one JSON document on stdout")
    .action(startCommand);

  cli
    .command("policy")
    .description("judge the graph that the program makes by the policy pack, without an engine and without a cloud")
    .option("--stack <name>", "a stack, or all", "dev")
    .option("--target <name>", `${COMPILERS.join(", ")} or all`, compilers, COMPILERS)
    .option("--json", "everything as one JSON document on stdout")
    .option("--sarif <file>", "write it as SARIF too, for code scanning")
    .option("--junit <file>", "write it as JUnit XML too")
    .option("--config <file>", "judge by this configuration, not by policies/config.<stack>.json")
    .option("--write-config", "write policies/config.<stack>.json from the stack's settings, and judge nothing")
    .option("--write-catalogue", "write docs/policies.md from the rules, and judge nothing")
    .action(policyCommand);

  cli
    .command("machine-images")
    .description("ask AWS for the current ECS-optimised images and write their ids into the stack's file")
    .option("--stack <name>", "the stack whose file is refreshed", "dev")
    .option("--json", "what changed as one JSON document on stdout")
    .action(machineImagesCommand);

  return cli;
}

interface ParityOptions {
  readonly stack: string;
  readonly ecs?: readonly string[];
  readonly kubernetes?: readonly string[];
  readonly pair?: readonly string[];
  readonly json?: true;
}

async function parityCommand({ stack, ecs, kubernetes, pair = [], json }: ParityOptions): Promise<void> {
  if (ecs ?? kubernetes) {
    const { foreignParityOf, foreignParityReport } = await import("./targets/commands/foreign-parity.ts");
    const { isForeignFinding } = await import("./targets/foreign/index.ts");
    const found = foreignParityOf({ ecs: ecs ?? [], kubernetes: kubernetes ?? [], pairs: pair });
    if (!found.ok) throw new Refusal(problemLines(found.problems));
    print(json ? JSON.stringify(found.value, null, 2) : foreignParityReport(found.value));
    if (isForeignFinding(found.value)) process.exitCode = 1;
    return;
  }
  const parity = parityOf(stackOrRefuse(stack, COMPILERS));
  print(json ? JSON.stringify({ stack, ...parity }, null, 2) : parityReport(parity, COMPILERS));
  if (parity.differences.some(isFinding)) process.exitCode = 1;
}

async function importCommand(
  files: readonly string[],
  { out, json }: { readonly out?: string; readonly json?: true },
): Promise<void> {
  const { importFiles, importReport, isImportFinding, writeModelFile } = await import("./targets/commands/import.ts");
  const found = importFiles(HERE, files, out);
  if (!found.ok) throw new Refusal(problemLines(found.problems));
  if (out !== undefined) writeModelFile(out, found.value);
  if (json) print(JSON.stringify(found.value.imported, null, 2));
  else if (out === undefined) process.stdout.write(found.value.text);
  if (!json) console.error(importReport(found.value));
  if (isImportFinding(found.value)) process.exitCode = 1;
}

interface CostOptions {
  readonly stack: string;
  readonly target: "ecs" | "eks" | "all";
  readonly prices?: string;
  readonly json?: true;
}

async function costCommand({ stack, target, prices, json }: CostOptions): Promise<void> {
  const { costReport, costsOf } = await import("./targets/commands/cost.ts");
  const costs = costsOf(HERE, stack, target === "all" ? ["ecs", "eks"] : [target], prices);
  if (!costs.ok) throw new Refusal(problemLines(costs.problems));
  print(json ? JSON.stringify(costs.value, null, 2) : costReport(costs.value));
}

interface PolicyOptions {
  readonly stack: string;
  readonly target: readonly Compiler[];
  readonly json?: true;
  readonly sarif?: string;
  readonly junit?: string;
  readonly config?: string;
  readonly writeConfig?: true;
  readonly writeCatalogue?: true;
}

async function policyCommand({ stack, target: targets, ...options }: PolicyOptions): Promise<void> {
  const { blocking, policyReports, PolicyRefusal, report, writeCatalogue, writeConfigs, writeReports } =
    await import("./policies/command.ts");
  const all = stackNames(HERE);
  const stacks = stack === "all" ? all : [stack];
  if (stack !== "all" && !all.includes(stack))
    throw new Refusal(`--stack: ${stack}; allowed: ${all.join(", ")} or all`);
  try {
    const written = [
      ...(options.writeConfig ? await writeConfigs(stacks) : []),
      ...(options.writeCatalogue ? [await writeCatalogue(HERE)] : []),
    ];
    if (written.length > 0) {
      print(written.join("\n"));
      return;
    }
    const today = new Date().toISOString().slice(0, 10);
    const reports = await policyReports({ stacks, targets, today, config: options.config }, (sentence) =>
      console.error(sentence),
    );
    writeReports(reports, options);
    print(options.json ? JSON.stringify(reports, null, 2) : report(reports));
    if (blocking(reports).length > 0) process.exitCode = 1;
  } catch (error) {
    throw error instanceof PolicyRefusal ? new Refusal(error.message) : error;
  }
}

async function machineImagesCommand({ stack, json }: { readonly stack: string; readonly json?: true }): Promise<void> {
  const { readPublicParameters, refreshMachineImages } = await import("./targets/commands/machine-images.ts");
  const refreshed = await refreshMachineImages(HERE, stack, readPublicParameters);
  if (!refreshed.ok) throw new Refusal(problemLines(refreshed.problems));
  const lines = refreshed.value.map(({ kind, before, now }) =>
    before === now ? `${kind}: ${now}, as before` : `${kind}: ${before ?? "none"} → ${now}`,
  );
  print(json ? JSON.stringify({ stack, images: refreshed.value }, null, 2) : lines.join("\n"));
}

interface RehearseOptions {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly fault?: string;
  readonly drill?: string;
  readonly stage: "local" | "aws";
  readonly dryRun?: true;
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly hold?: number;
  readonly resume?: true;
  readonly rollBack?: true;
  readonly settle: "keep" | "back";
  readonly speed: number;
  readonly allServices?: true;
  readonly evidence: string;
  readonly json?: true;
}

async function rehearseCommand({ drill, ...options }: RehearseOptions): Promise<void> {
  await (drill === undefined ? rehearseOnce(options) : drillCommand(drill, options));
}

async function drillCommand(names: string, options: Omit<RehearseOptions, "drill">): Promise<void> {
  const { runDrills } = await import("./targets/commands/drills.ts");
  const { chooseDrills, DRILLS } = await import("./targets/migration/drills.ts");
  const { announcement, drillTable } = await import("./targets/migration/drills-table.ts");
  const { stack, from, to, evidence, json, fault } = options;
  if (fault !== undefined) throw new Refusal("--fault: each drill has its own; name it with --drill");
  const chosen = chooseDrills(names.split(","));
  if ("unknown" in chosen) {
    const allowed = ["all", ...DRILLS.map(({ name }) => name)].join(", ");
    throw new Refusal(`--drill: ${chosen.unknown.join(", ")}; allowed: ${allowed}`);
  }
  stackOrRefuse(stack, COMPILERS);
  console.error(announcement(chosen.drills));
  const results = await runDrills({
    ...{ root: HERE, drills: chosen.drills, evidence, signal: interruption() },
    options: ["--stack", stack, "--from", from, "--to", to],
    report: (line) => console.error(line),
  });
  print(json ? JSON.stringify(results, null, 2) : drillTable(results));
  if (results.length < chosen.drills.length || results.some(({ asExpected }) => !asExpected)) process.exitCode = 1;
}

/** The first Ctrl-C ends a run in order, a second one at once; either leaves nothing running. */
function interruption(): AbortSignal {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(1);
    abort.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  return abort.signal;
}

async function rehearseOnce(options: Omit<RehearseOptions, "drill">): Promise<void> {
  // Only here: the other commands need neither the local runtime nor what it loads.
  const { NotStarted, prepareRehearsal, rehearse } = await import("./targets/commands/rehearse.ts");
  const { dryRun, dryRunReport } = await import("./targets/commands/rehearse-dry-run.ts");
  const { goOnByEnter } = await import("./targets/commands/go-on.ts");
  const { createProgress } = await import("./targets/migration/progress.ts");
  const { json, fault, allServices, hold, resume, rollBack, dryRun: dry, ...given } = options;
  const request = {
    ...{ ...given, root: HERE, rerun: `npm run rehearse -- ${process.argv.slice(3).join(" ")}`.trim() },
    ...{ fault: fault ?? null, hold: hold ?? null, carried: allServices ? ("all" as const) : ("accounted" as const) },
    ...{ resume: resume ?? false, rollBack: rollBack ?? false, goOn: dry ? () => Promise.resolve() : goOnByEnter() },
    policies: () => policyProblems(given.stack, given.to),
  };
  const prepared = prepareRehearsal(request);
  if (!prepared.ok) throw new Refusal(problemLines(prepared.problems));
  if (dry) {
    const { plan, compiled } = prepared.value;
    const shown = dryRun(plan, compiled, given.stage, given.stage === "aws" ? 1 : given.speed);
    print(json ? JSON.stringify(shown, null, 2) : dryRunReport(shown));
    return;
  }
  let done = (): Promise<void> => Promise.resolve();
  const rehearsed = await rehearse(request, prepared.value, interruption(), (plan) => {
    const progress = createProgress(plan);
    done = progress.done;
    return progress;
  }).catch((error: unknown) => {
    throw error instanceof NotStarted ? new Refusal(error.message) : error;
  });
  await done();
  const { evidence, files, lacking } = rehearsed;
  if (lacking !== null) throw new Refusal(lacking);
  print(json ? JSON.stringify(evidence, null, 2) : rehearsalReport(evidence, files));
  // Held is what was asked for.
  if (!evidence.ok && evidence.ending !== "held") process.exitCode = 1;
}

/** What the policy pack refuses of a side, as a preflight finds it. */
async function policyProblems(stack: string, target: string) {
  const { blocking, policyReports } = await import("./policies/command.ts");
  const today = new Date().toISOString().slice(0, 10);
  const reports = await policyReports({ stacks: [stack], targets: [target], today }, (line) => console.error(line));
  return blocking(reports).map(({ rule, resource, at, found, allowed }) => ({
    ...{ code: rule, path: `${resource}.${at}`, found, allowed },
  }));
}

interface StartOptions {
  readonly form: Compiler;
  readonly stack: string;
  readonly port: number;
  readonly json?: true;
}

async function startCommand({ form, stack, port, json }: StartOptions): Promise<void> {
  const { runningReport, startHere } = await import("./targets/commands/start/index.ts");
  const compiled = stackOrRefuse(stack, [form]);
  const outcome = await startHere({ root: HERE, form, port }, compiled, (running) =>
    print(json ? JSON.stringify(running, null, 2) : runningReport(running)),
  );
  if (outcome.ended === "lacking") throw new Refusal(outcome.sentence);
  if (outcome.ended === "failed") {
    console.error(outcome.sentence);
    process.exitCode = 1;
  }
}

/** Runs one command; sets the exit code and never throws. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof Refusal || isFileSystemError(error)) {
      console.error(error.message);
      process.exitCode = 2;
    } else {
      throw error;
    }
  }
}

function isFileSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
