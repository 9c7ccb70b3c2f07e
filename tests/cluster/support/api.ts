/** A Kubernetes API server as these tests need it: one request, server-side apply, and which path a kind has. */
import { request } from "node:https";
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
  send(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<Answer> {
    const { url, ca, token, cert, key } = this.#access;
    const text = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(`${url}${path}`, {
        method,
        ca,
        cert,
        key,
        timeout: REQUEST_MILLISECONDS,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          accept: "application/json",
          ...(text === "" ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(text) }),
        },
      });
      outgoing.once("error", reject);
      outgoing.once("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no answer`)));
      outgoing.once("response", (incoming) => {
        const parts: Buffer[] = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.once("error", reject);
        incoming.once("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: parsed(Buffer.concat(parts).toString()),
            warnings: warningsIn(incoming.headers["warning"]),
          }),
        );
      });
      outgoing.end(text);
    });
  }

  /** Server-side apply with strict field validation: unknown and repeated fields are refused. JSON is YAML, too. */
  async apply(object: Applicable, { dryRun = false, subresource = "" } = {}): Promise<Answer> {
    const path = `${await this.pathOf(object)}${subresource}`;
    const query = `fieldManager=${FIELD_MANAGER}&fieldValidation=Strict&force=true${dryRun ? "&dryRun=All" : ""}`;
    return this.send("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
  }

  /** Everything that a creation goes through, admission too, except being stored. */
  async tryCreate(object: Applicable): Promise<Answer> {
    const query = `dryRun=All&fieldManager=${FIELD_MANAGER}&fieldValidation=Strict`;
    return this.send("POST", `${await this.#collection(object)}?${query}`, object);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `299 - "text"`, several of them joined by a comma. */
function warningsIn(header: string | string[] | undefined): readonly string[] {
  return [
    ...[header ?? []]
      .flat()
      .join(", ")
      .matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g),
  ].map(([, text = ""]) => text);
}

/** What a refusal says. */
export function messageOf({ status, body }: Answer): string {
  const refusal = z.object({ message: z.string() }).safeParse(body);
  return `${status} ${refusal.success ? refusal.data.message : JSON.stringify(body)}`;
}
