import type { Kafka } from "../../shared/kafka.ts";
import { competeForLease, type LeaseStore, type Tenure } from "../../shared/lease.ts";
import type { Logger } from "../../shared/logging.ts";
import { untilDone, within } from "../../shared/retry.ts";
import { createSender } from "../../shared/sender.ts";
import { createDigest } from "./digest.ts";
import type { PostSource } from "./source.ts";
import type { PostStore } from "./store.ts";
import { createTurn } from "./turn.ts";

export interface PostsOptions {
  readonly kafka: Kafka;
  readonly store: PostStore;
  readonly leases: LeaseStore;
  readonly log: Logger;
  /** Unique among all replicas of both sides. */
  readonly holder: string;
  readonly leaseSeconds: number;
  readonly topic: string;
  /** None is fine: then nothing is fetched. */
  readonly sources: readonly PostSource[];
}

export interface Posts {
  /** False when a lease loop has stopped turning. */
  alive(): boolean;
  /** Leaves the sources, keeps their positions and releases their leases. */
  stop(): Promise<void>;
}

/** Each source has a lease of its own, so that two replicas may share them, and one that hangs holds back no other. */
export const leaseOf = ({ name }: Pick<PostSource, "name">): string => `posts-${name}`;
const STUCK_AFTER_LEASES = 5;
const LAST_SEND_MS = 2_000;

/** Carries the posts of every source whose lease this replica has. */
export function startPosts({ sources, leases, holder, leaseSeconds, log, ...rest }: PostsOptions): Posts {
  const stopping = new AbortController();
  const turned = new Map(sources.map(({ name }) => [name, performance.now()]));
  const loops = sources.map((source) =>
    competeForLease({
      name: leaseOf(source),
      holder,
      seconds: leaseSeconds,
      store: leases,
      log,
      signal: stopping.signal,
      onTurn: () => void turned.set(source.name, performance.now()),
      whileOwner: (tenure) => carryPosts(source, tenure, { ...rest, log: log.child({ source: source.name }) }),
    }),
  );
  return {
    alive: () => [...turned.values()].every((at) => performance.now() - at < STUCK_AFTER_LEASES * leaseSeconds * 1000),
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

type Carriage = Pick<PostsOptions, "kafka" | "store" | "topic" | "log">;

async function carryPosts(source: PostSource, tenure: Tenure, { kafka, store, topic, log }: Carriage): Promise<void> {
  const key = await untilDone(() => store.digestKey(), {
    signal: tenure.lost,
    onFailure: (error) => log.warn({ err: error }, "the key for hashing authors can't be read yet"),
  });
  if (!key) return;
  const sender = createSender(kafka, log);
  const digest = createDigest(key);
  const send = (messages: Parameters<typeof sender.send>[1]): Promise<void> => sender.send(topic, messages);
  try {
    await source.carry(createTurn({ source: source.name, tenure, store, digest, send, log }));
  } finally {
    await within(LAST_SEND_MS, "disconnecting the producer", sender.close()).catch((error: unknown) =>
      log.warn({ err: error }, "left without waiting for the producer"),
    );
  }
}
