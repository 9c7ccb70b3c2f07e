/** A Kubernetes API server as these tests need it: a request, a watch, server-side apply, and which path a kind has. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { z } from "zod";

export interface Access {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  /** The server's certificate or its authority's, PEM; without it, the system's authorities. */
  readonly ca: string | undefined;
  readonly token: string | undefined;
  /** A client's certificate and key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Why there is none to talk to. */
export interface Skipped {
  readonly reason: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What the server warns of: deprecated versions, templates that Pod Security would refuse. */
  readonly warnings: readonly string[];
}

/** What every object has that can be applied. */
export interface Applicable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

interface RequestOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly agent?: false;
}

/** One field manager owns all: what applies again takes over nothing from anybody. */
const FIELD_MANAGER = "cluster-tests";
const REQUEST_MILLISECONDS = 20_000;

const discovery = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

export class ApiServer {
  readonly #access: Access;
  readonly #versions = new Map<string, Promise<z.infer<typeof discovery>["resources"]>>();

  constructor(access: Access) {
    this.#access = access;
  }

  /** @throws Error when nothing answers; a refusal is an answer */
  async send(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<Answer> {
    const incoming = await this.#request(method, path, { body, contentType, timeout: REQUEST_MILLISECONDS });
    return {
      status: incoming.statusCode ?? 0,
      body: parsed(await text(incoming)),
      warnings: warningsIn(incoming.headers["warning"]),
    };
  }

  /** The events of a watch, one JSON object a line, until the signal fires or the server ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    // A connection of its own, for those that are shared end when nothing is said for five seconds.
    const incoming = await this.#request("GET", path, { signal, agent: false });
    if (incoming.statusCode !== 200)
      throw new Error(`GET ${path}: ${incoming.statusCode ?? 0} ${await text(incoming)}`);
    yield* createInterface({ input: incoming });
  }

  async #request(
    method: string,
    path: string,
    { body, contentType = "", ...options }: RequestOptions,
  ): Promise<IncomingMessage> {
    const { url, ca, token, cert, key } = this.#access;
    const content = body === undefined ? "" : JSON.stringify(body);
    const outgoing = request(`${url}${path}`, {
      ...options,
      method,
      ca,
      cert,
      key,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        accept: "application/json",
        ...(content === "" ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(content) }),
      },
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
    outgoing.end(content);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    return incoming;
  }

  /** Server-side apply with strict field validation: unknown and repeated fields are refused. JSON is YAML, too. */
  async apply(object: Applicable, { dryRun = false, subresource = "" } = {}): Promise<Answer> {
    const path = `${await this.pathOf(object)}${subresource}`;
    const query = `fieldManager=${FIELD_MANAGER}&fieldValidation=Strict&force=true${dryRun ? "&dryRun=All" : ""}`;
    return this.send("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
  }

  /** Everything that a creation goes through, admission too, except being stored. */
  async tryCreate(object: Applicable): Promise<Answer> {
    return this.create(object, { dryRun: true });
  }

  async create(object: Applicable, { dryRun = false } = {}): Promise<Answer> {
    const query = `fieldManager=${FIELD_MANAGER}&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
    return this.send("POST", `${await this.#collection(object)}?${query}`, object);
  }

  /** @throws Error with the server's words when it refuses */
  async must(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown> {
    const answer = await this.send(method, path, body, contentType);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${messageOf(answer)}`);
    return answer.body;
  }

  async pathOf(object: Applicable): Promise<string> {
    return `${await this.#collection(object)}/${object.metadata?.name ?? ""}`;
  }

  async version(): Promise<string> {
    const { body } = await this.send("GET", "/version");
    return z.object({ gitVersion: z.string() }).parse(body).gitVersion;
  }

  /** Forgets which kinds there are: after a new definition. */
  forget(): void {
    this.#versions.clear();
  }

  /** Whether the server knows the kind. */
  async knows({ apiVersion, kind }: Applicable): Promise<boolean> {
    return (await this.#kinds(apiVersion)).some((each) => each.kind === kind);
  }

  async #collection(object: Applicable): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const found = (await this.#kinds(apiVersion)).find((each) => each.kind === kind && !each.name.includes("/"));
    if (!found) throw new Error(`The server knows no ${apiVersion} ${kind}`);
    const inNamespace = found.namespaced ? `/namespaces/${metadata?.namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${inNamespace}/${found.name}`;
  }

  #kinds(apiVersion: string) {
    const known = this.#versions.get(apiVersion) ?? this.#discover(apiVersion);
    this.#versions.set(apiVersion, known);
    return known;
  }

  async #discover(apiVersion: string) {
    const { status, body } = await this.send("GET", groupPath(apiVersion));
    return status === 200 ? discovery.parse(body).resources : [];
  }
}

/** `v1` → `/api/v1`, `apps/v1` → `/apis/apps/v1`. */
function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

/** `299 - "text"`, several of them joined by a comma. */
function warningsIn(header: string | string[] | undefined): readonly string[] {
  return [
    ...[header ?? []]
      .flat()
      .join(", ")
      .matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g),
  ].map(([, warning = ""]) => warning);
}

/** What a refusal says. */
export function messageOf({ status, body }: Answer): string {
  const refusal = z.object({ message: z.string() }).safeParse(body);
  return `${status} ${refusal.success ? refusal.data.message : JSON.stringify(body)}`;
}
