/** A container's variables, from wherever they come. Of a Secret only the names of its keys are ever known here. */
import type { SecretBehaviour } from "../../../platform/model/behaviour.ts";
import { expand } from "../../kubernetes/read-pod.ts";
import type { Fields } from "../fields.ts";

/** What the files have of a namespace's ConfigMaps and Secrets, by name. */
export interface Sources {
  readonly configMaps: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
  /** Of which secret elsewhere a Secret of the cluster is a copy, by `<name>/<key>`. */
  readonly origins: ReadonlyMap<string, SecretBehaviour>;
}

export const NO_SOURCES: Sources = { configMaps: new Map(), secretKeys: new Map(), origins: new Map() };

export interface Environment {
  readonly env: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, SecretBehaviour>;
  /** Variables whose values stand elsewhere, each with where. */
  readonly elsewhere: ReadonlyMap<string, string>;
  readonly moreEnv: string | null;
}

interface Open {
  readonly env: Map<string, string>;
  readonly secrets: Map<string, SecretBehaviour>;
  readonly elsewhere: Map<string, string>;
  readonly more: string[];
}

/** As a kubelet fills it: whole sources first, single variables over them, `$(NAME)` by what came before. */
export function readEnvironment(fields: Fields, sources: Sources): Environment {
  const open: Open = { env: new Map(), secrets: new Map(), elsewhere: new Map(), more: [] };
  fields.list("envFrom", (each) => takeAll(each, sources, open));
  fields.list("env", (each) => takeOne(each, sources, open));
  const { env, secrets, elsewhere, more } = open;
  return { env, secrets, elsewhere, moreEnv: more.length > 0 ? more.join("; ") : null };
}

function takeAll(fields: Fields, sources: Sources, open: Open): void {
  const prefix = fields.text("prefix") ?? "";
  fields.object("configMapRef", (reference) => {
    const name = nameOf(reference);
    const values = sources.configMaps.get(name);
    if (!values) open.more.push(`all of ConfigMap ${name}, which is in no file`);
    for (const [key, value] of values ?? []) put(open, `${prefix}${key}`, { value });
  });
  fields.object("secretRef", (reference) => {
    const name = nameOf(reference);
    const keys = sources.secretKeys.get(name);
    if (!keys) open.more.push(`all of Secret ${name}, whose keys are in no file`);
    for (const key of keys ?? []) put(open, `${prefix}${key}`, { secret: originOf(name, key, sources) });
  });
}

function takeOne(fields: Fields, sources: Sources, open: Open): void {
  const name = fields.text("name") ?? "";
  const value = fields.text("value") ?? "";
  const from = fields.object("valueFrom", (source) => valueFrom(source, sources));
  if (from) put(open, name, from);
  else if (refersTo(value, open)) put(open, name, { elsewhere: "a text that is made with a secret" });
  else put(open, name, { value: expand(value, open.env) });
}

type Found = { readonly value: string } | { readonly secret: SecretBehaviour } | { readonly elsewhere: string };

function valueFrom(fields: Fields, sources: Sources): Found | undefined {
  const config = fields.object("configMapKeyRef", (reference): Found => {
    const [name, key] = [nameOf(reference), reference.text("key") ?? ""];
    const value = sources.configMaps.get(name)?.get(key);
    return value === undefined ? { elsewhere: `key ${key} of ConfigMap ${name}, which is in no file` } : { value };
  });
  const secret = fields.object("secretKeyRef", (reference): Found => {
    return { secret: originOf(nameOf(reference), reference.text("key") ?? "", sources) };
  });
  const pod = fields.object("fieldRef", (reference): Found => {
    reference.aside("a version of the API", "apiVersion");
    return { elsewhere: `the pod's own ${reference.text("fieldPath") ?? "field"}` };
  });
  const resource = fields.object("resourceFieldRef", (reference): Found => {
    reference.aside("how it is counted", "containerName", "divisor");
    return { elsewhere: `the container's own ${reference.text("resource") ?? "resource"}` };
  });
  return config ?? secret ?? pod ?? resource;
}

function nameOf(reference: Fields): string {
  reference.aside("whether it may be missing", "optional");
  return reference.text("name") ?? "";
}

/** By the copy's own name where no file says whose copy it is. */
function originOf(secret: string, key: string, { origins }: Sources): SecretBehaviour {
  return origins.get(`${secret}/${key}`) ?? { secret, key };
}

/** Of two with one name the later one holds. */
function put({ env, secrets, elsewhere }: Open, name: string, found: Found): void {
  for (const each of [env, secrets, elsewhere]) each.delete(name);
  if ("value" in found) env.set(name, found.value);
  else if ("secret" in found) secrets.set(name, found.secret);
  else elsewhere.set(name, found.elsewhere);
}

function refersTo(text: string, { secrets, elsewhere }: Open): boolean {
  const names = [...text.matchAll(/(\$*)\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g)];
  return names.some(
    ([, before = "", name = ""]) => before.length % 2 === 0 && (secrets.has(name) || elsewhere.has(name)),
  );
}
