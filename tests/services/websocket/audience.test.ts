import { expect } from "chai";

import { Audience, type Member } from "../../../services/websocket/audience.ts";
import { ALERTS, PRICES } from "../../../services/websocket/channels.ts";
import { TopicStream } from "../../../services/websocket/stream.ts";
import { quiet } from "../support.ts";
import { crossing, message } from "./messages.ts";

class Listener implements Member {
  readonly frames: Buffer[] = [];
  readonly gaps: number[][] = [];

  deliver({ data }: { readonly data: Buffer }): void {
    this.frames.push(data);
  }

  tellGap(...gap: number[]): void {
    this.gaps.push(gap);
  }
}

describe("services/websocket/audience", () => {
  it("hands all who are live for a key the one frame that was written of an update", () => {
    let written = 0;
    const stream = new TopicStream({
      log: quiet,
      form: {
        ...PRICES,
        createDecoder: (priming) => {
          const decode = PRICES.createDecoder(priming);
          return (...taken) => {
            const decoded = decode(...taken);
            if (!decoded.ok) return decoded;
            return { ...decoded, frame: () => ((written += 1), decoded.frame()) };
          };
        },
      },
    });
    const audience = new Audience();
    stream.listen(audience);
    stream.begin([{ partition: 0, low: 0, high: 0 }]);
    const listeners = Array.from({ length: 200 }, () => new Listener());
    for (const listener of listeners) audience.setLive("A-B", listener, true);
    stream.accept(0, 0, message("A-B", 1));
    stream.accept(0, 1, message("A-B", 1));
    stream.accept(0, 2, message("C-D", 1));
    expect(written).to.equal(2);
    const [frame] = stream.ring(0)?.read(0, 1) ?? [];
    for (const { frames } of listeners) {
      expect(frames).to.have.length(1);
      expect(frames[0]).to.equal(frame?.data);
    }
  });

  it("looks at nobody who is not live for the key, or no longer is", () => {
    const [ann, bob] = ["5f0c6e63-7a3e-4d53-9a43-0a0e6d0f4a01", "5f0c6e63-7a3e-4d53-9a43-0a0e6d0f4a02"] as const;
    const stream = new TopicStream({ log: quiet, form: ALERTS });
    const audience = new Audience();
    stream.listen(audience);
    stream.begin([{ partition: 0, low: 0, high: 0 }]);
    const [first, second] = [new Listener(), new Listener()];
    audience.setLive(ann, first, true);
    audience.setLive(bob, second, true);
    audience.setLive(bob, first, false);
    stream.accept(0, 0, crossing(ann));
    audience.setLive(ann, first, false);
    stream.accept(0, 1, crossing(ann));
    expect([first.frames.length, second.frames.length]).to.deep.equal([1, 0]);
  });

  it("tells of lost offsets once, however many keys one is live for", () => {
    const audience = new Audience();
    const listener = new Listener();
    for (const key of ["A-B", "C-D"]) audience.setLive(key, listener, true);
    audience.onGap(3, 5, 9);
    expect(listener.gaps).to.deep.equal([[3, 5, 9]]);
  });
});
