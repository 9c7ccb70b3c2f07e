/** How far each channel has been read, so that a new connection goes on where the old one ended. */
import { type Channel, channelOf, type Frame } from "./frames.ts";

/** Last offset seen, by partition. */
export type Offsets = Readonly<Record<string, number>>;
export type Positions = Readonly<Partial<Record<Channel, Offsets | undefined>>>;

export function advance(positions: Positions, frame: Frame): Positions {
  if (frame.type === "subscribed") {
    // What we know is further: the answer tells where a replay begins.
    return { ...positions, [frame.channel]: { ...frame.at, ...positions[frame.channel] } };
  }
  if (frame.type === "gap") {
    const known = positions[frame.channel] ?? {};
    // Also backwards: a topic that was made anew begins at its own beginning.
    return { ...positions, [frame.channel]: { ...known, [String(frame.partition)]: frame.to } };
  }
  const channel = channelOf(frame.type);
  if (channel === undefined || !("offset" in frame)) return positions;
  const known = positions[channel] ?? {};
  const partition = String(frame.partition);
  if ((known[partition] ?? -1) >= frame.offset) return positions;
  return { ...positions, [channel]: { ...known, [partition]: frame.offset } };
}
