/** Where a compiled form gives way to one machine: in two settings of its environments, and in how long a boot may take. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Seconds } from "../../../platform/model/types.ts";

export interface Here {
  /** Where people reach this. */
  readonly publicUrl: string;
  /** At least so long no failed probe counts: all services boot at once, on a few cores that have other work, too. */
  readonly startGrace: Seconds;
}

/**
 * Here is no certificate. In production no mail goes out in the clear, and browsers get the session's cookie for https
 * only; so nobody is told that this is production. Links in mails lead here.
 */
export function behavioursHere(
  behaviours: readonly Behaviour[],
  { publicUrl, startGrace }: Here,
): readonly Behaviour[] {
  return behaviours.map((behaviour) => {
    const mails = Object.values(behaviour.secrets).some(({ secret }) => secret === "smtp");
    const env = {
      ...behaviour.env,
      ...("NODE_ENV" in behaviour.env ? { NODE_ENV: "development" } : {}),
      ...(mails ? { PUBLIC_URL: publicUrl } : {}),
    };
    return { ...behaviour, env, startGrace: Math.max(behaviour.startGrace, startGrace) };
  });
}

/** One replica of each is enough for one person. */
export function oneEach(behaviours: readonly Behaviour[]): Readonly<Record<string, number>> {
  return Object.fromEntries(behaviours.map(({ name }) => [name, 1]));
}
