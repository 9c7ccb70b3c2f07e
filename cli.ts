/** The commands: argument parsing and printing, nothing else. Exit codes: 0 ok, 1 finding, 2 bad use or a missing prerequisite. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { problemLines, compiledTable, parityReport } from "./targets/commands/report.ts";
import { writeForms } from "./targets/commands/write-forms.ts";
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
    .description("read both forms back and compare them with the model and with each other")
    .option("--stack <name>", "the stack whose settings count", "dev")
    .option("--json", "everything as one JSON document on stdout")
    .action((options: { stack: string; json?: true }) => {
      const parity = parityOf(stackOrRefuse(options.stack, COMPILERS));
      print(
        options.json ? JSON.stringify({ stack: options.stack, ...parity }, null, 2) : parityReport(parity, COMPILERS),
      );
      if (parity.differences.some(isFinding)) process.exitCode = 1;
    });

  return cli;
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
