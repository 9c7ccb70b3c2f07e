/** Looking through inputs as the engine would: what is marked secret, what is plain. */

/** How Pulumi marks a value on the wire. @source pulumi/sdk, "specialSigKey" and "specialSecretSig" */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The value with everything that is marked secret taken out: what may be read in state, logs and diffs. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (Reflect.get(value, SIGNATURE_KEY) === SECRET) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** The value as a provider gets it, marks taken off. */
export function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  if (Reflect.get(value, SIGNATURE_KEY) === SECRET) return unmarked(Reflect.get(value, "value"));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unmarked(each)]));
}
