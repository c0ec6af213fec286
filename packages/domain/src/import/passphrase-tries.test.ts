import { expect, it } from "vitest";
import { PassphraseTries } from "./passphrase-tries.ts";

const start = new Date("2026-11-20T10:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

it("pauses a person for a minute after five wrong passphrases in a row, and nobody else", () => {
  const tries = new PassphraseTries();
  for (const _ of [1, 2, 3, 4]) expect(tries.note("ana", true, start)).toBeNull();
  expect(tries.pausedUntil("ana", start)).toBeNull();
  expect(tries.note("ana", true, start)).toEqual(after(60));
  expect(tries.pausedUntil("ana", after(59))).toEqual(after(60));
  expect(tries.pausedUntil("ben", start)).toBeNull();
  expect(tries.pausedUntil("ana", after(60))).toBeNull();
});

it("counts anew after the pause, and after a passphrase that opened", () => {
  const tries = new PassphraseTries();
  for (const _ of [1, 2, 3, 4]) tries.note("ana", true, start);
  tries.note("ana", false, start);
  for (const _ of [1, 2, 3, 4]) expect(tries.note("ana", true, start)).toBeNull();
  expect(tries.note("ana", true, start)).not.toBeNull();
  for (const _ of [1, 2, 3, 4]) expect(tries.note("ana", true, after(61))).toBeNull();
});

it("remembers no more than a thousand people", () => {
  const tries = new PassphraseTries();
  for (const _ of [1, 2, 3, 4]) tries.note("first", true, start);
  for (let other = 0; other < 1000; other++) tries.note(`other ${other}`, true, start);
  expect(tries.note("first", true, start)).toBeNull();
});
