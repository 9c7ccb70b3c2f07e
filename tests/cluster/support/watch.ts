/** A list and what has become of it since, event by event in the server's own order. */
import { z } from "zod";
import type { ApiServer } from "./api.ts";

export type Change = "ADDED" | "MODIFIED" | "DELETED";

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});
const eventSchema = z.object({ type: z.enum(["ADDED", "MODIFIED", "DELETED", "ERROR"]), object: z.unknown() });

export class Watch {
  readonly #stopped = new AbortController();
  readonly #ended: Promise<void>;
  #failure: Error | undefined;

  /** Reports what there is as added, then each change. @param path a collection, without a query */
  static async start(api: ApiServer, path: string, report: (change: Change, object: unknown) => void): Promise<Watch> {
    const { metadata, items } = listSchema.parse(await api.must("GET", path));
    for (const each of items) report("ADDED", each);
    return new Watch(api, `${path}?watch=true&resourceVersion=${metadata.resourceVersion}`, report);
  }

  private constructor(api: ApiServer, path: string, report: (change: Change, object: unknown) => void) {
    this.#ended = this.#follow(api, path, report).catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.fail(error);
    });
  }

  async #follow(api: ApiServer, path: string, report: (change: Change, object: unknown) => void): Promise<void> {
    for await (const line of api.lines(path, this.#stopped.signal)) {
      const { type, object } = eventSchema.parse(JSON.parse(line));
      if (type === "ERROR") throw new Error(`${path}: ${line}`);
      report(type, object);
    }
    if (!this.#stopped.signal.aborted) throw new Error(`${path}: the server ended the watch`);
  }

  /** What a reaction to an event has come to, too. */
  fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** @throws Error when events may be missing */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }
}
