import { describe, expect, it } from "vitest";
import { createRefusalGate } from "./refusal-gate.ts";

describe("tracing refusals", () => {
  const at = (minutes: number) => new Date(minutes * 60_000);

  it("never takes more than a burst at once and ten a minute after it, and tells how many it left out", () => {
    const gate = createRefusalGate();
    const taken = (minutes: number) =>
      Array.from({ length: 1000 }, () => gate("ana", at(minutes))).filter((one) => one !== null);
    expect(taken(0)).toHaveLength(30);
    const next = taken(1);
    expect(next).toHaveLength(10);
    expect(next.map(({ leftOut }) => leftOut)).toEqual([970, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(taken(1000)).toHaveLength(30);
  });

  it("gives nobody more when the clock is set back or forth, and lets one person take nothing from another", () => {
    const gate = createRefusalGate();
    for (let i = 0; i < 30; i++) gate("ana", at(1000));
    expect(gate("ana", at(0))).toBeNull();
    expect(gate("ben", at(0))).toEqual({ leftOut: 0 });
    expect(gate("ana", at(1))).toEqual({ leftOut: 1 });
  });
});
