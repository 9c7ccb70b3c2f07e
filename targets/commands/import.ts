/** `npm run import -- FILE…`: forms that we did not compile → a model in our terms. */
import { writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Result } from "../../platform/model/types.ts";
import { importSides, modelFile, readSides, type Imported } from "../foreign/index.ts";
import { noteLines } from "./foreign-notes.ts";

export interface ImportedFiles {
  readonly imported: Imported;
  /** TypeScript, with a comment for each thing that the model does not say. */
  readonly text: string;
}

/**
 * Reads the files and makes a model of them.
 * @param root of the repository, whose types the file imports
 * @param out where the file will stand; undefined: in the catalogue
 */
export function importFiles(root: string, files: readonly string[], out: string | undefined): Result<ImportedFiles> {
  const sides = readSides(files);
  if (!sides.ok) return sides;
  const imported = importSides(sides.value);
  return { ok: true, value: { imported, text: modelFile(imported, files, typesFrom(root, out)) } };
}

/** As an import from the file's own folder. */
function typesFrom(root: string, out: string | undefined): string {
  const folder = out === undefined ? resolve(root, "platform/catalogue") : dirname(resolve(out));
  const path = relative(folder, resolve(root, "platform/model/types.ts"));
  return path.startsWith(".") ? path : `./${path}`;
}

/** @throws the file system's error where it cannot */
export function writeModelFile(out: string, { text }: ImportedFiles): void {
  writeFileSync(out, text);
}

/** What was read, what has to be settled by hand, and why the model can not run yet. */
export function importReport({ imported: { model, workloads, notes, problems } }: ImportedFiles): string {
  const kinds = model.workloads.map(({ name, kind }) => `${name} (${kind})`).join(", ");
  const remarks = workloads.reduce((sum, each) => sum + each.remarks.length, 0);
  return [
    `${model.workloads.length} workloads: ${kinds}`,
    `${remarks} remarks stand beside them`,
    ...noteLines(notes.filter(({ kind }) => kind !== "unsaid")),
    ...(problems.length === 0
      ? []
      : [
          [
            "It can not run as it stands",
            ...problems.map(({ path, found, allowed }) => `  ${path}: ${found}; allowed: ${allowed}`),
          ].join("\n"),
        ]),
  ].join("\n\n");
}

/** What makes the command end with 1: a field that nobody knows, or a model that can not run. */
export function isImportFinding({ imported: { notes, problems } }: ImportedFiles): boolean {
  return problems.length > 0 || notes.some(({ kind }) => kind === "unknown");
}
