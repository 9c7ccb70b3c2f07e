import { expect } from "chai";
import fc from "fast-check";

import { clientNetwork } from "../../../services/shared/client-address.ts";

describe("services/shared/client-address", () => {
  const cases: readonly [string | undefined, string][] = [
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["no address", "no address"],
    [undefined, "unknown"],
  ];
  for (const [ip, network] of cases) {
    it(`takes ${ip ?? "nothing"} for ${network}`, () => expect(clientNetwork({ ip })).to.equal(network));
  }

  it("takes two addresses of one /64 for one client, however they are written", () => {
    const group = fc.nat({ max: 0xffff });
    fc.assert(
      fc.property(fc.tuple(group, group, group, group), fc.ipV6(), (first, other) => {
        const prefix = first.map((part) => part.toString(16));
        const long = [...prefix, "1", "2", "3", "4"].map((part) => part.padStart(4, "0")).join(":");
        const short = `${prefix.join(":")}::9`;
        expect(clientNetwork({ ip: long }))
          .to.equal(clientNetwork({ ip: short }))
          .and.equal(`${prefix.join(":")}::/64`);
        expect(clientNetwork({ ip: other })).to.match(/^([0-9a-f]{1,4}:){4}:\/64$|^\d+\.\d+\.\d+\.\d+$/);
      }),
    );
  });
});
