import type { Check } from "../shared/probes.ts";
import type { Channel } from "./channel.ts";
import type { Streams } from "./channels.ts";
import type { Feed } from "./feed.ts";

/** A replica that has not read the prices for this long takes no new clients. */
const KAFKA_PATIENCE_MS = 10_000;

/**
 * A replica takes clients once it has read the prices to their end, and goes on reading them. The other channels are
 * reported: without one, the rest is still worth having.
 */
export function feedChecks(streams: Streams, feeds: Readonly<Record<Channel, Pick<Feed, "awayFor">>>): Check[] {
  const caughtUp = (channel: Channel): void => {
    if (!streams[channel].caughtUp()) throw new Error("the topic has not been read to its end yet");
  };
  const reading = (channel: Channel): void => {
    if (feeds[channel].awayFor() > KAFKA_PATIENCE_MS) throw new Error("the topic has not been read for a while");
  };
  const reported = (channel: Channel): Check => ({
    name: channel,
    required: false,
    run: () => {
      caughtUp(channel);
      reading(channel);
    },
  });
  return [
    { name: "caught-up", required: true, run: () => caughtUp("prices") },
    { name: "kafka", required: true, run: () => reading("prices") },
    reported("sentiment"),
    reported("alerts"),
  ];
}
