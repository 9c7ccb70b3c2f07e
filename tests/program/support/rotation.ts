/** Secrets Manager's part of a rotation, in memory, and the types of what the functions take. */
export type Fields = Readonly<Record<string, string>>;

export interface Secrets {
  stages(id: string): Promise<Readonly<Record<string, readonly string[]>>>;
  find(id: string, stage: string, version?: string): Promise<Fields | undefined>;
  put(id: string, fields: Fields, version?: string, stage?: string): Promise<void>;
  promote(id: string, to: string, from?: string): Promise<void>;
}

export interface Kind {
  next(current: Fields): Fields;
  set(pending: Fields, current: Fields): Promise<unknown>;
  test(pending: Fields): Promise<unknown>;
  finished?(pending: Fields): Promise<unknown>;
}

interface Version {
  stages: readonly string[];
  fields?: Fields;
}

/** As the real one: a stage is on one version at a time, and a new current value makes the last one the previous. */
export class FakeSecrets implements Secrets {
  readonly #versions = new Map<string, Map<string, Version>>();
  #made = 0;

  constructor(initial: Readonly<Record<string, Fields>>) {
    for (const [id, fields] of Object.entries(initial)) {
      this.#versions.set(id, new Map([["first", { stages: ["AWSCURRENT"], fields }]]));
    }
  }

  /** What RotateSecret does before it calls the function. */
  start(id: string, token: string): void {
    this.#of(id).set(token, { stages: ["AWSPENDING"] });
  }

  current(id: string): Fields {
    const found = [...this.#of(id).values()].find(({ stages }) => stages.includes("AWSCURRENT"))?.fields;
    if (!found) throw new Error(`${id} has no current value.`);
    return found;
  }

  stages(id: string): Promise<Record<string, readonly string[]>> {
    return Promise.resolve(Object.fromEntries([...this.#of(id)].map(([version, { stages }]) => [version, stages])));
  }

  find(id: string, stage: string, version?: string): Promise<Fields | undefined> {
    const all = [...this.#of(id)].filter(([key]) => version === undefined || key === version);
    return Promise.resolve(all.find(([, { stages }]) => stages.includes(stage))?.[1].fields);
  }

  put(id: string, fields: Fields, version = `made-${this.#made++}`, stage = "AWSCURRENT"): Promise<void> {
    this.#of(id).set(version, { stages: [], fields });
    return stage === "AWSCURRENT" ? this.promote(id, version) : this.#label(id, version, stage);
  }

  async promote(id: string, to: string): Promise<void> {
    await this.#label(id, to, "AWSCURRENT");
  }

  #label(id: string, version: string, stage: string): Promise<void> {
    for (const [key, each] of this.#of(id)) {
      const others = each.stages.filter((label) => label !== stage && label !== "AWSPENDING");
      this.#of(id).set(key, { ...each, stages: key === version ? [...others, stage] : others });
    }
    return Promise.resolve();
  }

  #of(id: string): Map<string, Version> {
    const found = this.#versions.get(id);
    if (!found) throw new Error(`There is no secret ${id}.`);
    return found;
  }
}

type Rotate = (
  event: { SecretId: string; ClientRequestToken: string; Step: string },
  tools: { secrets: Secrets; kind: Kind },
) => Promise<unknown>;

const FOLDER = new URL("../../../platform/foundation/rotation/", import.meta.url);
export const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** A file of the rotation functions. Plain JavaScript has no types of its own; the caller says what it expects. */
export async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
}

/** One whole rotation, every step called twice, as Secrets Manager may. */
export async function rotateWhole(secrets: FakeSecrets, id: string, token: string, kind: Kind): Promise<void> {
  const rotate = (await load("steps.mjs"))["rotate"] as Rotate;
  secrets.start(id, token);
  for (const Step of STEPS) {
    for (let time = 0; time < 2; time++) {
      await rotate({ SecretId: id, ClientRequestToken: token, Step }, { secrets, kind });
    }
  }
}
