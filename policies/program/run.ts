/**
 * The program under mocks: what it would register, without an engine and without a cloud. Once in each process, for the
 * program is a module, and the SDK's state is the process's.
 */
import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { parse } from "yaml";
import { isKnown, stateOf } from "./outputs.ts";
import { SECRET_MARKER, type Registered, type Run } from "./types.ts";

type Values = Readonly<Record<string, unknown>>;

export interface Request {
  readonly stack: string;
  /** Beside the stack's file and before it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly zones: readonly string[];
  /** What stacks' last runs left behind, by stack: what a reference reads. */
  readonly outputs?: Readonly<Record<string, Values>>;
  /** The stacks that weights over this one's foundation name, with spaces between. */
  readonly weighted?: string;
  /** A type whose outputs nobody wrote down: an error, or what it was given and no more. */
  readonly strange: "refused" | "echoed";
}

const root = new URL("../../", import.meta.url);

export async function runProgram(request: Request): Promise<Run> {
  const seen = new Map<string, { readonly inputs: Values; readonly state: Values }>();
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(stackConfig(request));
  await pulumi.runtime.setMocks(mocks(request, seen), "cryptotracker", request.stack, false, "organization");
  watchRegistrations(seen, registered);
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

function mocks(
  request: Request,
  seen: Map<string, { readonly inputs: Values; readonly state: Values }>,
): pulumi.runtime.Mocks {
  let secrets = 0;
  return {
    newResource({ type, name, inputs }) {
      const given = inputs as Record<string, unknown>;
      if (type === "pulumi:pulumi:StackReference") {
        const stack = String(given["name"]).split("/").at(-1) ?? "";
        return { id: name, state: { ...given, outputs: request.outputs?.[stack] ?? {}, secretOutputNames: [] } };
      }
      const state = request.strange === "refused" || isKnown(type) ? stateOf(type, name, given) : given;
      seen.set(`${type} ${name}`, { inputs: given, state });
      return { id: `${name}-id`, state };
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
      if (token === "aws:secretsmanager/getSecretVersion:getSecretVersion") {
        return { secretString: JSON.stringify({ value: `${SECRET_MARKER}Stored` }) };
      }
      if (token === "aws:resourcegroupstaggingapi/getResources:getResources") {
        const tags = request.weighted === undefined ? [] : [{ tags: { sides: request.weighted } }];
        return { resourceTagMappingLists: tags };
      }
      throw new Error(`Nobody expects a call of ${token}.`);
    },
  };
}

/** Pulumi's own form of the stack's file, if it has one: every value is text, maps are JSON. */
function stackConfig({ stack, config }: Request): Record<string, string> {
  const file = new URL(`Pulumi.${stack}.yaml`, root);
  const { config: own = {} } = existsSync(file)
    ? (parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> })
    : {};
  return Object.fromEntries(
    Object.entries({ ...own, ...config }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Mocks see inputs only; dependencies and options pass through here. */
function watchRegistrations(
  seen: ReadonlyMap<string, { readonly inputs: Values; readonly state: Values }>,
  registered: Registered[],
): void {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("No monitor.");
  const register = Reflect.get(monitor, "registerResource") as (...all: unknown[]) => unknown;
  Reflect.set(monitor, "registerResource", (resource: RegisterResourceRequest, ...rest: unknown[]) => {
    const [callback] = rest as [(error: unknown, response?: { getUrn(): string }) => void];
    return register.call(monitor, resource, (error: unknown, response?: { getUrn(): string }) => {
      const type = resource.getType();
      const name = resource.getName();
      const { inputs, state } = seen.get(`${type} ${name}`) ?? { inputs: {}, state: {} };
      registered.push({
        urn: response?.getUrn() ?? "",
        type,
        name,
        inputs,
        state,
        dependsOn: resource.getDependenciesList(),
        from: propertyDependencies(resource),
        protect: resource.getProtect() ?? false,
        ignoreChanges: resource.getIgnorechangesList(),
      });
      callback(error, response);
    });
  });
}

function propertyDependencies(resource: RegisterResourceRequest): Record<string, readonly string[]> {
  const from: Record<string, readonly string[]> = {};
  for (const [property, sources] of resource.getPropertydependenciesMap().entries()) {
    from[property] = sources.getUrnsList();
  }
  return from;
}

function resolved(exports: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output({ ...exports }).apply((values) => resolve(values as Record<string, unknown>));
  });
}
