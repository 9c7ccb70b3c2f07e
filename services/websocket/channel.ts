/** What a channel is: a topic that clients can subscribe to. */
export type Channel = "prices" | "sentiment" | "alerts";

/** One message as a stream takes it. */
export interface Decoded {
  readonly ok: true;
  /** Who gets it: those who subscribed to this product or symbol, or the user that this is. */
  readonly key: string;
  /** false: it repeats one that came before, or is none of what the channel tells. */
  readonly isNew: boolean;
  /** Writes the frame; called at most once. */
  frame(): Buffer;
}

/** Takes a partition's messages in order, each once; the reason for a refusal holds no part of the message. */
export type Decoder = (
  value: Buffer | null,
  partition: number,
  offset: number,
) => Decoded | { readonly ok: false; readonly reason: string };

export interface ChannelForm {
  readonly channel: Channel;
  /** Updates held per partition. */
  readonly capacity: number;
  /** Messages read before the first one that is held, when the topic has older ones: they teach what a repeat is. */
  readonly priming: number;
  /** @param priming as far back as the decoder may look, in offsets */
  createDecoder(priming: number): Decoder;
}
