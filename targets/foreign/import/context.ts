/** What the workloads of one import have in common: whom they call, which secrets and stores they use. */
import { label } from "./names.ts";

export interface Callee {
  readonly port: number;
}

/** Grows while workloads are read, and is the rest of the model in the end. */
export class Context {
  /** Services by the name that the model gives them. */
  readonly callees: ReadonlyMap<string, Callee>;
  /** Keys that the files take out of a secret, by its name. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly stores = new Map<string, "postgres" | "redis" | "kafka">();
  readonly topics = new Set<string>();
  readonly queues = new Set<string>();
  readonly buckets = new Set<string>();
  readonly secrets = new Map<string, string>();

  constructor(callees: ReadonlyMap<string, Callee>, keys: ReadonlyMap<string, ReadonlySet<string>>) {
    this.callees = callees;
    this.keys = keys;
  }

  /** A secret of the model holds one value: of a foreign one with several keys each is one of its own. */
  secret(name: string, key: string): string {
    const several = (this.keys.get(name)?.size ?? 0) > 1;
    const ours = label(several ? `${name}-${key}` : name);
    this.secrets.set(ours, key === "" ? "value" : key);
    return ours;
  }
}
