/** What can be made wrong with one side, so that a rehearsal shows what would happen. Services carry none of it. */
import { join } from "node:path";

export interface Fault {
  readonly name: string;
  /** One sentence, for people. */
  readonly what: string;
  /** A file that Node imports before the service. */
  readonly preload?: string;
  /** What becomes of each secret's value. */
  readonly secret?: (value: string) => string;
}

const preload = (file: string): string => join(import.meta.dirname, file);

export const faults: readonly Fault[] = [
  {
    name: "crash-on-boot",
    what: "Every replica ends with exit code 1 before it listens.",
    preload: preload("crash-on-boot.ts"),
  },
  {
    name: "slow",
    what: "Every answer but a probe's comes about 400 ms late.",
    preload: preload("slow.ts"),
  },
  {
    name: "errors",
    what: "1 in 20 requests, probes apart, is answered with a 500.",
    preload: preload("errors.ts"),
  },
  {
    name: "wrong-secret",
    what: "The password inside every connection URL is wrong, as after a rotation that missed this side.",
    secret: wrongPassword,
  },
];

/** @returns the fault of that name, or null */
export function faultNamed(name: string): Fault | null {
  return faults.find((fault) => fault.name === name) ?? null;
}

/** A URL with a password gets another one; every other value stays as it is. */
export function wrongPassword(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  if (url.password === "") return value;
  url.password = "wrong";
  return url.toString();
}
