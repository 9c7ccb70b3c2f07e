/** Secrets that an operator copies into the cluster. */
import type { SecretBehaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";

/** External Secrets: of which secret elsewhere each key of a Secret is a copy. */
export function readExternalSecret(fields: Fields, name: string): ReadonlyMap<string, SecretBehaviour> {
  fields.aside("how it is fetched", "refreshInterval", "refreshPolicy", "secretStoreRef");
  fields.unsaid("dataFrom", "whole secrets that are copied", "uses");
  const target = fields.object("target", (each) => {
    each.aside("how it is written", "creationPolicy", "deletionPolicy", "template", "immutable");
    return each.text("name");
  });
  const copies = fields.list("data", (each) => {
    const remote = each.object("remoteRef", (reference) => {
      reference.aside("which version", "version", "conversionStrategy", "decodingStrategy", "metadataPolicy");
      const key = reference.text("key") ?? "";
      const secret = /^\$\{secret\.([^}]+)\.arn\}$/.exec(key)?.[1] ?? key;
      return { secret, key: reference.text("property") ?? "" };
    });
    each.aside("from which store", "sourceRef");
    return [`${target ?? name}/${each.text("secretKey") ?? ""}`, remote ?? { secret: "", key: "" }] as const;
  });
  return new Map(copies);
}
