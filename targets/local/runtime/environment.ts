/** A workload's whole environment, as a container engine would set it: nothing of ours gets in. */
import type { Behaviour, SecretBehaviour } from "../../../platform/model/behaviour.ts";
import { LOCALHOST } from "../processes/ports.ts";
import { SideError } from "./errors.ts";

/** How references in a compiled form become values of this machine. */
export interface Resolvers {
  /** Fills `${kind.name.attribute}`; leaves other text as it is. Throws on what it doesn't know. */
  readonly fill: (text: string) => string;
  readonly secret: (reference: SecretBehaviour) => string;
  /** Where `workload://<name>:<port>` is reached here, as a URL without a path. */
  readonly localUrl: (name: string, port: number) => string;
}

/** `workload://api-service:3001`, wherever it stands in a value. */
const CALL = /workload:\/\/([a-z0-9-]+):(\d+)/g;

/** The other workloads that an environment names, with their ports. */
export function callsOf({ env }: Behaviour): readonly { readonly name: string; readonly port: number }[] {
  return Object.values(env).flatMap((value) =>
    [...value.matchAll(CALL)].map(([, name = "", port]) => ({ name, port: Number(port) })),
  );
}

/**
 * `freePort` replaces the declared one, as a container engine maps ports; null for what listens nowhere.
 * @throws SideError when PORT isn't the declared port, or when something can't be resolved
 */
export function environmentOf(
  behaviour: Behaviour,
  resolve: Resolvers,
  freePort: number | null,
): Record<string, string> {
  const { name, env, secrets, ports } = behaviour;
  const [declared] = ports;
  if (declared !== undefined && env["PORT"] !== String(declared))
    throw new SideError(
      name,
      `it declares port ${declared}, but is told PORT=${env["PORT"] ?? "(nothing)"}: nobody would reach it`,
    );
  const filled: Record<string, string> = { PATH: process.env["PATH"] ?? "" };
  const attempt = (variable: string, value: () => string): void => {
    try {
      filled[variable] = value();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new SideError(name, `${variable} can't be resolved on this machine (${why})`, { cause: error });
    }
  };
  for (const [variable, text] of Object.entries(env))
    attempt(variable, () =>
      resolve.fill(text).replace(CALL, (_all, callee: string, port: string) => resolve.localUrl(callee, Number(port))),
    );
  for (const [variable, reference] of Object.entries(secrets)) attempt(variable, () => resolve.secret(reference));
  if (freePort !== null) Object.assign(filled, { PORT: String(freePort), HOST: LOCALHOST });
  return filled;
}
