import type { Pool } from "../../shared/postgres.ts";

export interface PostStore {
  /** What authors and ids are hashed with. */
  digestKey(): Promise<Uint8Array>;
  /** A stream's position as it was kept; undefined when it never was. */
  position(source: string, stream: string): Promise<unknown>;
  /** @returns false when a later ownership has kept one */
  keep(source: string, stream: string, position: unknown, fence: number): Promise<boolean>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const POSITION = "select position from post_sources where source = $1 and stream = $2";

const KEEP = `
  insert into post_sources as kept (source, stream, position, fence) values ($1, $2, $3, $4)
  on conflict (source, stream) do update
    set position = excluded.position, fence = excluded.fence, updated_at = clock_timestamp()
    where kept.fence <= excluded.fence`;

export function createPostStore(pool: Pick<Pool, "query">): PostStore {
  return {
    digestKey: async () => {
      const { rows } = await pool.query<{ key: Buffer }>("select key from post_digest_key");
      if (!rows[0]) throw new Error("the key for hashing authors is missing from post_digest_key");
      return rows[0].key;
    },
    position: async (source, stream) => {
      const { rows } = await pool.query<{ position: unknown }>(POSITION, [source, stream]);
      return rows[0]?.position;
    },
    keep: async (source, stream, position, fence) =>
      (await pool.query(KEEP, [source, stream, JSON.stringify(position), fence])).rowCount === 1,
    check: async () => {
      await pool.query("select 1 from post_sources, post_digest_key, leases limit 0");
    },
  };
}
