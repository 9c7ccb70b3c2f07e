/**
 * One run of the pack over one stack and target, in a process of its own: builds the graph under mocks, judges it, prints
 * the report. The command (command.ts) starts it; what it says is for the command, not for people.
 */
import { catalogue } from "./catalogue.ts";
import { configFor } from "./config/generate.ts";
import { check, refuseBadConfig, type PackConfig } from "./framework/check.ts";
import { ConfigError } from "./framework/config.ts";
import type { Report } from "./framework/report.ts";
import type { Answer, Asked } from "./protocol.ts";
import { resourcesOf } from "./program/resources.ts";
import { runProgram } from "./program/run.ts";
import { groups, rules } from "./rules.ts";
import { SECRET_MARKER } from "./program/types.ts";
import { cryptotracker } from "../platform/cryptotracker.ts";
import { readStackFile, type Settings } from "../platform/settings.ts";
import { requiredSecrets } from "../targets/kubernetes/secrets.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const ZONES = ["a", "b", "c", "d"];

async function answer(asked: Asked): Promise<Answer> {
  if (asked.kind === "catalogue") return { ok: true, value: catalogue(groups) };
  const settings = readStackFile(ROOT, asked.stack);
  if (!settings.ok)
    return {
      ok: false,
      because: settings.problems
        .map(({ path, found, allowed }) => `${path}: found ${found}; allowed: ${allowed}`)
        .join("\n"),
    };
  if (asked.kind === "config") return { ok: true, value: configFor(rules, settings.value) };
  return checked(asked, settings.value);
}

async function checked(
  { stack, target, config, today }: Extract<Asked, { kind: "check" }>,
  settings: Settings,
): Promise<Answer> {
  refuseBadConfig(config as PackConfig, rules);
  const before = performance.now();
  const run = await runProgram({
    stack,
    config: { "cryptotracker:target": target, "cryptotracker:secrets": madeUpSecrets(settings) },
    zones: ZONES.map((letter) => `${settings.region}${letter}`),
    strange: "echoed",
  });
  const built = performance.now();
  if (run.error) return { ok: false, because: run.error.message, foreign: target !== settings.target };
  const given = { ...resourcesOf(run), config: config as PackConfig, today };
  const found = Object.entries(groups).flatMap(([group, members]) => members.map((rule) => check(group, rule, given)));
  const report: Report = {
    stack,
    target,
    resources: run.resources.length,
    milliseconds: { graph: Math.round(built - before), rules: Math.round(performance.now() - built) },
    rules: found,
  };
  return { ok: true, value: report };
}

/** A graph is judged before anybody has set them; what is encrypted in the stack's file stays unread. */
function madeUpSecrets(settings: Settings): Readonly<Record<string, string>> {
  return Object.fromEntries(requiredSecrets(cryptotracker(settings)).map((name) => [name, `${SECRET_MARKER}-${name}`]));
}

/** Whatever happens is an answer: a sentence for whoever configured it, never a stack trace of theirs. */
async function main(): Promise<Answer> {
  try {
    return await answer(JSON.parse(process.argv[2] ?? "{}") as Asked);
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, because: error.message };
    throw error;
  }
}

process.stdout.write(JSON.stringify(await main()), () => process.exit(0));
