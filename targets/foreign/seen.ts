/** What foreign files say of a workload: our terms, and beside each what they leave open. */
import type { Behaviour } from "../../platform/model/behaviour.ts";
import type { Rollout } from "../../platform/model/types.ts";
import type { Note } from "./log.ts";

/** A value, or why the files do not tell. */
export type Told<T> = { readonly value: T } | { readonly untold: string };
export type Seen<T> = { readonly [P in keyof T]: Told<T[P]> };

/** The part of a behaviour that each container has for itself. */
export type ContainerField =
  | "image"
  | "command"
  | "cpu"
  | "cpuCap"
  | "memoryGuaranteed"
  | "memoryLimit"
  | "sharedMemory"
  | "gpus"
  | "ports"
  | "env"
  | "secrets"
  | "liveness"
  | "readiness"
  | "startGrace"
  | "drain"
  | "stopTimeout"
  | "user"
  | "readOnlyRoot"
  | "privileged"
  | "capabilities"
  | "writablePaths"
  | "logs";

export interface ContainerBehaviour extends Pick<Behaviour, ContainerField> {
  /** What stands in the place of the image's own entry point; null: the image's own. The model has no word for it. */
  readonly entryPoint: readonly string[] | null;
}

/** The rest: what the task or pod has, and what stands around it. */
export type WorkloadBehaviour = Omit<Behaviour, ContainerField>;

export interface Container {
  readonly name: string;
  readonly seen: Seen<ContainerBehaviour>;
  /** Variables whose values stand elsewhere, each with where. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Why there may be variables that the files do not name; null: these are all. */
  readonly moreEnv: string | null;
}

/** `init`: runs to its end first. `sidecar`: its end ends the others. `helper`: may end while they go on. */
export interface Companion extends Container {
  readonly role: "init" | "sidecar" | "helper";
}

/** What the model asks for and a behaviour has no field for. */
export interface Hints {
  /** The part of the family or labels that stands for the whole, if any. */
  readonly project: string | null;
  /** Somebody else addresses it: a load balancer, a Service, Service Connect. */
  readonly served: boolean;
  /** The port that is addressed; null: none in particular. */
  readonly port: number | null;
  readonly protocol: "http" | "tcp";
  readonly rollout: Rollout | null;
  /** How the platform rounds what a rollout may add. */
  readonly rounding: "up" | "down";
  /** Ports open towards any address; null: the files do not say. */
  readonly internet: readonly number[] | null;
  /** A health check that is a program of the image's. */
  readonly healthProgram: readonly [string, ...string[]] | null;
}

export interface Reading {
  readonly source: "ecs" | "kubernetes";
  readonly name: string;
  /** `shop.yaml, Deployment api`. */
  readonly where: string;
  readonly main: Container;
  readonly companions: readonly Companion[];
  readonly whole: Seen<WorkloadBehaviour>;
  readonly hints: Hints;
  readonly notes: readonly Note[];
}

/** All workloads of one side, and what is about none of them. */
export interface Side {
  readonly source: "ecs" | "kubernetes";
  readonly readings: readonly Reading[];
  readonly notes: readonly Note[];
}

export function told<T>(value: T): Told<T> {
  return { value };
}

export function untold(because: string): { readonly untold: string } {
  return { untold: because };
}

/** The value, or what is to stand in for it. */
export function valueOr<T, U>(seen: Told<T>, otherwise: U): T | U {
  return "value" in seen ? seen.value : otherwise;
}
