import { describe, expect, it } from "vitest";
import { daysUntil, isBareDay, zoneOf } from "./days";

describe("a day", () => {
  it.each(["2027-06-08T00:00:00.000Z", "2027-06-08T23:59:59.000Z"])(
    "that a CA told without a time, kept as %s, is that day in every zone",
    (at) => {
      expect(isBareDay(at)).toBe(true);
      for (const zone of ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati"])
        expect(new Date(at).toLocaleDateString("sv-SE", { timeZone: zoneOf(at, zone) })).toBe("2027-06-08");
    },
  );

  it("that has a time is the one it falls on where the person is", () => {
    expect(zoneOf("2027-06-08T22:30:00.000Z", "Europe/Berlin")).toBe("Europe/Berlin");
  });

  it.each([
    ["an hour before midnight, for a quarter past it", "2026-11-27T23:15:00.000Z", "2026-11-27T22:00:00Z", 1],
    ["in the morning, for the evening", "2026-11-27T20:00:00.000Z", "2026-11-27T06:00:00Z", 0],
    ["over the change to winter time", "2026-10-26T10:00:00.000Z", "2026-10-24T21:59:00Z", 2],
    ["on the last day itself", "2026-11-27T23:59:59.000Z", "2026-11-27T23:30:00Z", 0],
  ])("is counted by midnights: %s", (_, at, now, days) => {
    expect(daysUntil(at, new Date(now), "Europe/Berlin")).toBe(days);
  });
});
