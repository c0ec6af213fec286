import { describe, expect, it } from "vitest";
import { createLogger, maskAddress, scrub } from "./logger.ts";

describe("the log", () => {
  it("takes keys, long secrets, parameters and addresses out of texts", () => {
    expect(scrub("x -----BEGIN PRIVATE KEY-----\nMIIE")).toBe("x [pem]");
    expect(scrub(`token ${"a1B2".repeat(12)} end`)).toBe("token [long] end");
    expect(scrub("failed params: secret,another")).toBe("failed params: [redacted]");
    expect(scrub("to somebody@example.test")).toBe("to so…@example.test");
    expect(maskAddress("somebody@example.test")).toBe("s…@example.test");
  });

  it("writes errors without what callers put into them, causes included", () => {
    const lines: string[] = [];
    const log = createLogger("info", { write: (line) => void lines.push(line) });
    const cause = new Error("-----BEGIN CERTIFICATE-----\nMIIB");
    log.error({ error: new Error("outer", { cause }), password: "hunter2" }, "fault");
    const line = lines.join("");
    expect(line).toContain("outer");
    for (const secret of ["MIIB", "hunter2"]) expect(line).not.toContain(secret);
  });
});
