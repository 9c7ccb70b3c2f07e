/** What every source of posts is, whether it is pushed to us or asked by us. */
import type { Logger } from "../../shared/logging.ts";
import type { RawPost } from "../../shared/topics/posts.ts";

/** A post as a source's format gives it. Its names are the source's own; they go no further than this service. */
export interface FoundPost {
  readonly source: RawPost["source"];
  /** The source's own id, of any form. */
  readonly id: string;
  /** The source's own name for who wrote it. */
  readonly author: string;
  readonly text: string;
  /** A tag such as `en-US`, when the source tells one. */
  readonly language: string | undefined;
  /** Milliseconds since 1970, as its author's clock says; undefined or NaN when nobody does. */
  readonly createdAt: number | undefined;
  /** Milliseconds since 1970, by the source's own clock, when it has one: the same however often we ask. */
  readonly listedAt: number | undefined;
}

/** What a source may do for as long as its lease is ours. */
export interface Turn {
  /** Fires at the end of the ownership. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What was kept of a stream, unchecked; undefined when nothing was. @throws when Postgres is away */
  position(stream: string): Promise<unknown>;
  /** @returns true once the topic has all of them; false when the ownership ended first, and any part of them may be there */
  publish(posts: readonly FoundPost[]): Promise<boolean>;
  /** Call it after `publish`. @returns false when the ownership ended first, or is another's */
  keep(stream: string, position: unknown): Promise<boolean>;
}

/**
 * A source of posts: at least once, since a position is kept only after the posts before it are in the topic; no holes
 * but those that the source itself leaves. What comes twice has the same id.
 */
export interface PostSource {
  readonly name: RawPost["source"];
  /** Carries posts until the turn's signal fires, and returns soon after. */
  carry(turn: Turn): Promise<void>;
}
