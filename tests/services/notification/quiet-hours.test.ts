import { expect } from "chai";
import fc from "fast-check";

import { quietUntil } from "../../../services/notification/quiet-hours.ts";

const until = (now: string, from: string, to: string, timeZone: string): string | undefined =>
  quietUntil(new Date(now), { from, to, timeZone })?.toISOString();

describe("services/notification/quiet-hours", () => {
  const cases: [string, Parameters<typeof until>, string | undefined][] = [
    ["not before they begin", ["2026-01-10T21:59:59Z", "22:00:00", "07:00:00", "UTC"], undefined],
    ["over midnight", ["2026-01-10T22:00:00Z", "22:00", "07:00", "UTC"], "2026-01-11T07:00:00.000Z"],
    ["after midnight", ["2026-01-11T06:59:59Z", "22:00", "07:00", "UTC"], "2026-01-11T07:00:00.000Z"],
    ["not from their end on", ["2026-01-11T07:00:00Z", "22:00", "07:00", "UTC"], undefined],
    ["within a day", ["2026-01-10T13:10:00Z", "13:00", "14:30", "UTC"], "2026-01-10T14:30:00.000Z"],
    ["none when they end where they begin", ["2026-01-10T13:00:00Z", "13:00", "13:00", "UTC"], undefined],
    ["by the user's own clock", ["2026-01-10T14:00:00Z", "22:00", "07:00", "Asia/Tokyo"], "2026-01-10T22:00:00.000Z"],
    ["where clocks go by quarters", ["2026-01-10T16:20:00Z", "22:00", "07:00", "Asia/Kathmandu"], "2026-01-11T01:15:00.000Z"], // prettier-ignore
    // Berlin leaves out 02:00 to 03:00 on 29 March 2026, and has it twice on 25 October.
    ["a night that is an hour shorter", ["2026-03-28T22:00:00Z", "22:00", "07:00", "Europe/Berlin"], "2026-03-29T05:00:00.000Z"], // prettier-ignore
    ["a night that is an hour longer", ["2026-10-24T21:00:00Z", "22:00", "07:00", "Europe/Berlin"], "2026-10-25T06:00:00.000Z"], // prettier-ignore
    ["an end that is left out", ["2026-03-28T22:00:00Z", "22:00", "02:30", "Europe/Berlin"], "2026-03-29T01:00:00.000Z"], // prettier-ignore
    ["an end that comes twice: the first", ["2026-10-24T22:30:00Z", "22:00", "02:30", "Europe/Berlin"], "2026-10-25T00:30:00.000Z"], // prettier-ignore
    ["a beginning that is left out", ["2026-03-29T01:30:00Z", "02:30", "04:00", "Europe/Berlin"], "2026-03-29T02:00:00.000Z"], // prettier-ignore
    ["New York's autumn", ["2026-11-01T03:00:00Z", "22:00", "07:00", "America/New_York"], "2026-11-01T12:00:00.000Z"], // prettier-ignore
    ["half an hour of Lord Howe", ["2026-04-04T12:00:00Z", "22:00", "07:00", "Australia/Lord_Howe"], "2026-04-04T20:30:00.000Z"], // prettier-ignore
    ["a zone that nobody knows as UTC", ["2026-01-10T23:00:00Z", "22:00", "07:00", "Mars/Olympus"], "2026-01-11T07:00:00.000Z"], // prettier-ignore
  ];
  for (const [what, given, wanted] of cases) it(what, () => expect(until(...given)).to.equal(wanted));

  it("ends with the first minute that the wall's clock does not call quiet", () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC");
    // Around both nights of Berlin and of New York, and Lord Howe's.
    const night = fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01");
    const text = (m: number): string =>
      `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
    fc.assert(
      fc.property(
        minute,
        minute,
        zone,
        night,
        fc.integer({ min: -1_440, max: 1_440 }),
        (from, to, timeZone, day, off) => {
          const wall = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short", hourCycle: "h23" });
          const isQuiet = (at: number): boolean => {
            const now = wall.format(at);
            const [begin, end] = [text(from), text(to)];
            return begin <= end ? now >= begin && now < end : now >= begin || now < end;
          };
          const start = Date.parse(`${day}T00:00:00Z`) + off * 60_000;
          let at = start;
          while (isQuiet(at)) at += 60_000;
          const wanted = at === start ? undefined : new Date(at).toISOString();
          expect(until(new Date(start).toISOString(), text(from), text(to), timeZone)).to.equal(wanted);
        },
      ),
      { numRuns: 150 },
    );
  });
});
