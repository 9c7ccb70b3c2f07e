/**
 * Who may enter a database: an owner for administration, and two users that take turns for the processes. The `url`
 * secret names one of the two; rotation writes it anew with the other (see rotation/postgres.mjs).
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeSecret } from "../model/wiring.ts";
import { createRotator, rotateSecret } from "./rotation.ts";
import { createSecret, randomText, type StoredSecret } from "./secrets.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

/** Never `postgres` or `admin`, which everybody tries first (RDS.25). */
export const OWNER = "cryptotracker_owner";
export const DATABASE = "cryptotracker";
/** Owns the tables; nobody logs in as it. No superuser, makes no roles, no databases. */
const ROLE = "cryptotracker_app";
const TURNS = ["a", "b"] as const;

export type Users = Readonly<Record<string, StoredSecret>>;

export const ownerSecret = (store: string): string => `${store}-owner`;
const userSecret = (store: string, turn: string): string => `${store}-app-${turn}`;
const userName = (turn: string): string => `${ROLE}_${turn}`;

export function createOwner({ context, secretsKey, store }: StorePlace): StoredSecret {
  const fields = { username: OWNER, password: randomText() };
  return createSecret(context, secretsKey, ownerSecret(store.name), `Credentials of ${OWNER}`, fields);
}

/** By their names in the database. */
export function createUsers({ context, secretsKey, store }: StorePlace): Users {
  return Object.fromEntries(
    TURNS.map((turn) => {
      const username = userName(turn);
      const fields = { username, password: randomText() };
      const description = `Credentials of ${username}, written by the rotation of ${storeSecret(store.name).secret}`;
      return [username, createSecret(context, secretsKey, userSecret(store.name, turn), description, fields)];
    }),
  );
}

export interface Doors {
  readonly owner: StoredSecret;
  readonly users: Users;
  /** `host:port` of the database itself, for its owner. */
  readonly direct: pulumi.Output<string>;
  /** `host:port` for processes: the proxy where there is one. */
  readonly front: pulumi.Output<string>;
  /** Without these nobody could enter. */
  readonly ready: readonly pulumi.Resource[];
}

/** The secrets that come with a database: its users exist in it before anybody is told of them. */
export function createAccess(
  place: StorePlace,
  { owner, users, direct, front, ready }: Doors,
): StoreAnswers["secrets"] {
  const { context, secretsKey, store } = place;
  const { secret, key } = storeSecret(store.name);
  const ids = Object.fromEntries(Object.entries(users).map(([name, { arn }]) => [name, arn]));
  const rotator = createRotator(place, {
    kind: "postgres",
    packages: ["pg"],
    config: { database: DATABASE, role: ROLE, users: ids, owner: owner.arn, direct },
    secrets: [ownerSecret(store.name), ...TURNS.map((turn) => userSecret(store.name, turn)), secret],
    example: owner.arn,
  });
  const prepared = new aws.lambda.Invocation(
    `${store.name}-users`,
    { functionName: rotator.name, input: JSON.stringify({ prepare: true }), triggers: { direct } },
    { dependsOn: [...ready] },
  );
  const first = userName(TURNS[0]);
  const password = users[first]?.field("password") ?? randomText();
  const url = createSecret(
    context,
    secretsKey,
    secret,
    `Connection URL of ${store.name}`,
    { [key]: pulumi.interpolate`postgresql://${first}:${password}@${front}/${DATABASE}?sslmode=require` },
    // Who reads it may connect at once.
    [prepared, ...ready],
  );
  rotateSecret(place, secret, url, rotator, [prepared]);
  rotateSecret(place, ownerSecret(store.name), owner, rotator, [prepared]);
  return {
    [secret]: url,
    [ownerSecret(store.name)]: owner,
    ...Object.fromEntries(
      TURNS.flatMap((turn) => {
        const user = users[userName(turn)];
        return user ? [[userSecret(store.name, turn), user]] : [];
      }),
    ),
  };
}
