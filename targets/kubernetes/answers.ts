/** What a cluster says to the placeholders of its form: names within itself. Pure, for nothing has to be made first. */
import type { Placeholder } from "../../platform/model/placeholders.ts";
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { bucketName, OBJECTS, QUEUES, storeHost } from "./stores/names.ts";
import { objectsEndpoint } from "./stores/objects.ts";
import { queuesEndpoint, queueUrl } from "./stores/queues.ts";

/** @throws Error for a placeholder that no cluster could answer */
export function answer({ kind, name, attribute }: Placeholder, model: Model, settings: Settings): string {
  const found = known(`${kind}.${attribute}`, name, model, settings);
  if (found === undefined) throw new Error(`Nothing in a plain cluster answers \${${kind}.${name}.${attribute}}.`);
  return found;
}

function known(what: string, name: string, model: Model, settings: Settings): string | undefined {
  switch (what) {
    case "bucket.name":
      return bucketName(name, settings);
    case "queue.url":
      return queueUrl(name, settings);
    case "store.brokers": {
      const store = model.stores.find((each) => each.name === name);
      return store && `${storeHost(name, settings)}:${store.port}`;
    }
    // What fences the broker is its NetworkPolicy: see docs/decisions.
    case "store.security":
      return "plaintext";
    case "store.endpoint":
      return name === OBJECTS ? objectsEndpoint(settings) : name === QUEUES ? queuesEndpoint(settings) : undefined;
    default:
      return undefined;
  }
}
