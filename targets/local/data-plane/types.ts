/** The stores behind both sides: real servers on this machine, or those that the environment names. */

export type Component = "postgres" | "redis" | "kafka";

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
}

export interface DataPlaneOptions {
  /** Which are wanted; all, by default. */
  readonly postgres?: boolean;
  readonly redis?: boolean;
  readonly kafka?: boolean;
  /** Created where they don't exist; nothing creates a topic by mentioning it. */
  readonly topics: readonly TopicSpec[];
  /** Starts an embedded store again that ends by itself, on the same port and data; by default `died` tells, and that is all. */
  readonly revive?: boolean;
  /** Progress, a line each. */
  readonly report: (line: string) => void;
  /** Where to look for DATABASE_URL, REDIS_URL and KAFKA_BROKERS, each of which replaces the embedded server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** A server that ended although nobody asked it to. */
export interface DataPlaneDeath {
  readonly component: Component;
  /** `exit code 1`, `SIGKILL`. */
  readonly exit: string;
  /** Its last log lines. */
  readonly lines: readonly string[];
}

export interface DataPlane {
  /** `postgres://user:password@host:port/database`; empty when not wanted. */
  readonly databaseUrl: string;
  /** `redis://host:port`; empty when not wanted. */
  readonly redisUrl: string;
  /** `host:port`, comma-separated; empty when not wanted. */
  readonly kafkaBrokers: string;
  /**
   * Resolves with the first embedded server that dies by itself, and where they are revived, with the first that does not
   * come back; never rejects, and never resolves after `stop`.
   */
  readonly died: Promise<DataPlaneDeath>;
  /** Creates an empty database beside the main one, `<name>_<random>`, and returns its URL. It goes when the data plane stops. */
  databaseDirect(name: string): Promise<string>;
  /** SIGKILL, for drills; `died` doesn't tell. @throws Error when it isn't embedded */
  kill(component: Component): Promise<void>;
  /** Starts it again on the same port and data. @throws PrerequisiteError when it doesn't come back */
  restart(component: Component): Promise<void>;
  /** Leaves no process and no file; twice is harmless. */
  stop(): Promise<void>;
}
