import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { operatorSocket } from "./env.ts";
import { resetPassword } from "./reset-password.ts";

describe("sealpost reset-password", () => {
  it("looks for the running console where the same settings put it", () => {
    expect(operatorSocket({ SEALPOST_DATA_DIR: "/srv/d", SEALPOST_SANDBOX: "off" })).toBe(
      "/srv/d/operator.sock",
    );
    expect(operatorSocket({ SEALPOST_DATA_DIR: "/srv/d" })).toBe("/srv/d/sandbox/operator.sock");
  });

  it("says what to do when no console answers", async () => {
    const said: string[] = [];
    expect(
      await resetPassword("a@example.test", (line) => said.push(line), join("/nowhere", "operator.sock")),
    ).toBe(2);
    expect(said.join()).toContain("Start it first");
  });
});
