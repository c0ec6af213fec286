import { describe, expect, it } from "vitest";
import { longestHeaderBytes, mailHeaderOf } from "./mail-header.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const header = (mail: string) => new TextDecoder().decode(mailHeaderOf(bytes(mail)));

describe("the header of a mail", () => {
  it("goes to the first empty line, whatever its lines end with", () => {
    expect(header("A: 1\r\nB: 2\r\n\r\nbody\r\n\r\nmore")).toBe("A: 1\r\nB: 2\r\n\r\n");
    expect(header("A: 1\nB: 2\n\nbody\n\nmore")).toBe("A: 1\nB: 2\n\n");
  });

  it("is all there is without an empty line, and cut where that is too much", () => {
    expect(header("A: 1\r\nB: 2\r\n")).toBe("A: 1\r\nB: 2\r\n");
    expect(mailHeaderOf(bytes("A: 1\n".repeat(longestHeaderBytes)))).toHaveLength(longestHeaderBytes);
  });
});
