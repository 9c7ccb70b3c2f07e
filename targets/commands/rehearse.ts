/** `rehearse`: a migration with live load, its gates and its way back, and the evidence of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../local/faults/index.ts";
import { evidence, type DeclaredLoss, type Evidence, type EvidenceMeta } from "../migration/evidence.ts";
import { evidencePage } from "../migration/evidence-page.ts";
import { runMigration } from "../migration/run.ts";
import { COMPILERS, compileStack, parityOf } from "../stack.ts";
import type { Prepared, RehearseRequest } from "./rehearse-request.ts";
import { stageFor, type Watcher } from "./rehearse-stages.ts";

export { prepareRehearsal, SIDES, STAGES, type RehearseRequest } from "./rehearse-request.ts";
export { NotStarted } from "./rehearse-start.ts";

export interface Rehearsed {
  readonly evidence: Evidence;
  readonly files: readonly string[];
  /** What this machine lacked, as sentences; null when nothing was missing. */
  readonly lacking: string | null;
}

/**
 * Runs it and writes the evidence, however it ends.
 * @throws NotStarted with what stands in the way, and what the file system throws for a folder that cannot be written
 */
export async function rehearse(
  request: RehearseRequest,
  prepared: Prepared,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<Rehearsed> {
  // Before anything is started: a folder that cannot be written must not cost a whole run.
  mkdirSync(request.evidence, { recursive: true });
  const staged = await stageFor(request, prepared, signal, watcher);
  const { stage, started, observe } = staged;
  try {
    const outcome = await runMigration(started.plan, stage, {
      ...{ signal, observe, journal: started.journal, resumption: started.resumption, goOn: request.goOn },
      guard: () => started.lock.verify(),
    });
    const document = evidence(outcome, stage, {
      ...meta(request, prepared.fault, staged.subscribers),
      struckAt: staged.struckAt(),
    });
    const files = [
      write(join(request.evidence, "evidence.json"), `${JSON.stringify(document, null, 2)}\n`),
      write(join(request.evidence, "evidence.html"), evidencePage(document)),
    ];
    return { evidence: document, files, lacking: staged.lacking() };
  } finally {
    await started.end();
    staged.end();
  }
}

function meta(request: RehearseRequest, fault: Fault | null, subscribers: number): EvidenceMeta {
  return {
    stack: request.stack,
    fault: fault && `${fault.name}: ${fault.what.replace(/\.$/, "")}`,
    subscribers,
    losses: declaredLosses(request),
    versions: { node: process.versions.node },
    rerun: request.rerun,
  };
}

/** Of the two sides that take part. */
function declaredLosses({ root, stack, from, to }: RehearseRequest): readonly DeclaredLoss[] {
  const sides = COMPILERS.filter((compiler) => compiler === from || compiler === to);
  const compiled = compileStack(root, stack, sides);
  if (!compiled.ok) return [];
  return parityOf(compiled.value).differences.flatMap(({ target, service, field, loss }) =>
    loss ? [{ target, service, field, ...loss }] : [],
  );
}

function write(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}
