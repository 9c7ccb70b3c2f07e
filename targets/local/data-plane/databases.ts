/** Databases beside the main one, for tests that want an empty one. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { withClient } from "./postgres.ts";

export interface Databases {
  create(name: string): Promise<string>;
  /** Drops those that were created; needed where the server outlives us. */
  dropAll(): Promise<void>;
}

export function databasesOf(databaseUrl: string): Databases {
  const created: string[] = [];
  return {
    create: async (name) => {
      const database = `${name}_${randomBytes(4).toString("hex")}`;
      await withClient(databaseUrl, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`));
      created.push(database);
      const url = new URL(databaseUrl);
      url.pathname = `/${encodeURIComponent(database)}`;
      return url.toString();
    },
    dropAll: async () => {
      for (const database of created.splice(0))
        await withClient(databaseUrl, (client) =>
          client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`),
        );
    },
  };
}
