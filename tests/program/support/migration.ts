/** Settings of the three stacks of a migration, made of dev's file. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ROOT } from "../../support/stacks.ts";

type Config = Readonly<Record<string, unknown>>;

/** What `Pulumi.dev.yaml` has. */
export function devConfig(): Config {
  return (parse(readFileSync(`${ROOT}/Pulumi.dev.yaml`, "utf8")) as { config: Config }).config;
}

/** A side of its own on dev's foundation. */
export function attachedConfig(target: string, more: Config = {}): Config {
  return { ...devConfig(), "cryptotracker:target": target, "cryptotracker:foundation": "dev", ...more };
}

/** Weights between dev, which runs ecs, and dev-eks. */
export function trafficConfig(traffic: Readonly<Record<string, number>>, more: Config = {}): Config {
  return {
    "aws:region": "us-east-1",
    "cryptotracker:foundation": "dev",
    "cryptotracker:sides": { ecs: "dev", eks: "dev-eks" },
    "cryptotracker:traffic": traffic,
    ...more,
  };
}
