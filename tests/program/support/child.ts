/** Runs the program once under mocks and prints what it registered. Its own process: a program runs once in each. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { parse } from "yaml";
import { stateOf } from "./outputs.ts";
import { SECRET_MARKER, type Registered, type Run } from "./types.ts";

interface Request {
  readonly stack: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly zones: readonly string[];
  readonly running?: string;
}

const root = new URL("../../../", import.meta.url);
const request = JSON.parse(process.argv[2] ?? "{}") as Request;
const inputsOf = new Map<string, Readonly<Record<string, unknown>>>();
const registered: Registered[] = [];
let secrets = 0;

const mocks: pulumi.runtime.Mocks = {
  newResource({ type, name, inputs }) {
    const given = inputs as Record<string, unknown>;
    if (type === "pulumi:pulumi:StackReference") {
      const outputs = request.running === undefined ? {} : { target: request.running };
      return { id: name, state: { ...given, outputs, secretOutputNames: [] } };
    }
    inputsOf.set(`${type} ${name}`, given);
    return { id: `${name}-id`, state: stateOf(type, name, given) };
  },
  call({ token }) {
    if (token === "aws:index/getAvailabilityZones:getAvailabilityZones") return { names: request.zones };
    if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId: "123456789012" };
    if (token === "aws:secretsmanager/getRandomPassword:getRandomPassword") {
      return { randomPassword: `${SECRET_MARKER}${secrets++}` };
    }
    if (token === "aws:ecr/getAuthorizationToken:getAuthorizationToken") {
      return { userName: "AWS", password: `${SECRET_MARKER}Registry`, proxyEndpoint: "https://registry.internal" };
    }
    throw new Error(`Nobody expects a call of ${token}.`);
  },
};

/** Pulumi's own form of the stack's file: every value is text, maps are JSON. */
function stackConfig(): Record<string, string> {
  const file = parse(readFileSync(new URL(`Pulumi.${request.stack}.yaml`, root), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries({ ...file.config, ...request.config }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Mocks see inputs only; dependencies and options pass through here. */
function watchRegistrations(): void {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("No monitor.");
  const register = Reflect.get(monitor, "registerResource") as (...all: unknown[]) => unknown;
  Reflect.set(monitor, "registerResource", (resource: RegisterResourceRequest, ...rest: unknown[]) => {
    const [callback] = rest as [(error: unknown, response?: { getUrn(): string }) => void];
    return register.call(monitor, resource, (error: unknown, response?: { getUrn(): string }) => {
      const type = resource.getType();
      const name = resource.getName();
      registered.push({
        urn: response?.getUrn() ?? "",
        type,
        name,
        inputs: inputsOf.get(`${type} ${name}`) ?? {},
        dependsOn: resource.getDependenciesList(),
        protect: resource.getProtect() ?? false,
        ignoreChanges: resource.getIgnorechangesList(),
      });
      callback(error, response);
    });
  });
}

async function run(): Promise<Run> {
  pulumi.runtime.setAllConfig(stackConfig());
  await pulumi.runtime.setMocks(mocks, "cryptotracker", request.stack, false, "organization");
  watchRegistrations();
  try {
    const program = (await import(new URL("index.ts", root).href)) as Record<string, unknown>;
    await pulumi.runtime.disconnect();
    return { resources: registered, outputs: await resolved(program) };
  } catch (error) {
    const kind = pulumi.RunError.isInstance(error) ? "RunError" : "Error";
    const message = error instanceof Error ? error.message : String(error);
    return { resources: registered, outputs: {}, error: { kind, message } };
  }
}

function resolved(exports: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output({ ...exports }).apply((values) => resolve(values as Record<string, unknown>));
  });
}

process.on("unhandledRejection", (reason) => {
  console.error(reason);
  process.exit(3);
});
process.stdout.write(JSON.stringify(await run()), () => process.exit(0));
