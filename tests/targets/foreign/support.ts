/** Fixtures, and files that a test writes in a line. */
import { parseDocuments } from "../../../targets/foreign/documents.ts";
import { importSides } from "../../../targets/foreign/import/model.ts";
import { readSide, readSides, sidesOf } from "../../../targets/foreign/side.ts";
import { compareSides } from "../../../targets/foreign/compare.ts";
import type { Reading } from "../../../targets/foreign/seen.ts";
import { problemsOf, valueOf } from "../../support/stacks.ts";

export const FIXTURES = `${import.meta.dirname}/fixtures`;
const at = (name: string): string => `${FIXTURES}/${name}`;

export const ECS = ["ecs-web.json", "ecs-thumbnails.json", "ecs-services.json", "ecs-scaling.json"].map(at);
export const KUBERNETES = ["helm-shop.yaml", "kubectl-thumbnails.yaml"].map(at);

export function parityOfFixtures() {
  return compareSides(valueOf(readSide(ECS, "ecs")), valueOf(readSide(KUBERNETES, "kubernetes")));
}

export function importOf(files: readonly string[]) {
  return importSides(valueOf(readSides(files)));
}

/** All problems of one file's text, whatever is wrong with it. */
export function problemsIn(text: string) {
  const documents = parseDocuments("file", text);
  return documents.ok ? problemsOf(sidesOf(documents.value, ["file"])) : documents.problems;
}

export function readingsIn(text: string): readonly Reading[] {
  return valueOf(sidesOf(valueOf(parseDocuments("file", text)), ["file"])).flatMap(({ readings }) => readings);
}

export function notesIn(text: string) {
  return valueOf(sidesOf(valueOf(parseDocuments("file", text)), ["file"])).flatMap(({ notes, readings }) => [
    ...notes,
    ...readings.flatMap((each) => each.notes),
  ]);
}

/** A Deployment whose container, pod and own `spec` have these beside what they must. */
export function deployment(container: object, pod: object = {}, spec: object = {}): object {
  const containers = [{ name: "app", image: "app:1", ...container }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "app" },
    spec: {
      selector: { matchLabels: { app: "app" } },
      ...spec,
      template: { metadata: { labels: { app: "app" } }, spec: { containers, ...pod } },
    },
  };
}

/** The only reading of a Deployment as above. */
export function deployed(...parts: Parameters<typeof deployment>): Reading {
  const [reading] = readingsIn(JSON.stringify(deployment(...parts)));
  if (!reading) throw new Error("There is one Deployment");
  return reading;
}

/** What the main container's or the workload's field tells; a text where it is left open. */
export function seen({ main, whole }: Reading, field: string): unknown {
  const fields: Readonly<Record<string, { readonly value: unknown } | { readonly untold: string }>> = {
    ...main.seen,
    ...whole,
  };
  const told = fields[field];
  if (!told) throw new Error(`There is no field ${field}`);
  return "value" in told ? told.value : `untold: ${told.untold}`;
}
