import { expect } from "chai";

import { isPublic } from "../../../services/notification/addresses.ts";

const REFUSED: readonly (readonly [string, string])[] = [
  ["0.0.0.0", "this host"],
  ["0.1.2.3", "this network"],
  ["10.0.0.1", "private"],
  ["10.255.255.255", "private, the last"],
  ["100.64.0.1", "carrier-grade NAT"],
  ["100.127.255.254", "carrier-grade NAT, the last"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback, far"],
  ["169.254.169.254", "instance metadata"],
  ["169.254.170.2", "task credentials"],
  ["169.254.170.23", "pod identity"],
  ["169.254.169.123", "time"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private, the last"],
  ["192.0.0.8", "protocol assignments"],
  ["192.0.2.1", "documentation"],
  ["192.88.99.1", "6to4 relay"],
  ["192.168.0.1", "private"],
  ["192.168.255.255", "private, the last"],
  ["198.18.0.1", "benchmarks"],
  ["198.19.255.255", "benchmarks, the last"],
  ["198.51.100.7", "documentation"],
  ["203.0.113.9", "documentation"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.250", "multicast"],
  ["240.0.0.1", "class E"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["0:0:0:0:0:0:0:1", "loopback at length"],
  ["::ffff:127.0.0.1", "mapped loopback"],
  ["::ffff:169.254.169.254", "mapped metadata"],
  ["::ffff:a9fe:a9fe", "mapped metadata in hexadecimal"],
  ["::ffff:8.8.8.8", "mapped, whatever it maps"],
  ["::127.0.0.1", "compatible loopback"],
  ["64:ff9b::a00:1", "translated private"],
  ["64:ff9b:1::1", "translated, local"],
  ["100::1", "discard"],
  ["2001::1", "Teredo"],
  ["2001:db8::1", "documentation"],
  ["2002:a00:1::1", "6to4 of a private address"],
  ["3fff::1", "documentation"],
  ["fc00::1", "unique local"],
  ["fd00:ec2::254", "instance metadata"],
  ["fd00:ec2::23", "pod identity"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local with its zone"],
  ["2606:4700::1111%lo", "any with a zone"],
  ["fec0::1", "site-local"],
  ["ff02::1", "multicast"],
  ["localhost", "no address"],
  ["", "nothing"],
  ["1.2.3", "three quarters of one"],
];

const TAKEN = [
  ...["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
  ...["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
  ...["198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "2600:1f18::1"],
];

describe("services/notification/addresses", () => {
  for (const [address, what] of REFUSED) {
    it(`refuses ${JSON.stringify(address)}: ${what}`, () => expect(isPublic(address)).to.equal(false));
  }
  for (const address of TAKEN) {
    it(`takes ${address}`, () => expect(isPublic(address)).to.equal(true));
  }
});
