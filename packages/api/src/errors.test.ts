import { RefusalError, refuse } from "@sealpost/domain";
import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { refusalOf, toTrpcError } from "./errors.ts";
import { toJson } from "./json.ts";

describe("errors on the wire", () => {
  it("finds a refusal however deep it was wrapped, and none in an error of ours", () => {
    const refusal = { code: "cooling-down", until: new Date(0), requestedBy: "Ana" } as const;
    const error = toTrpcError(refuse(refusal));
    expect(error.code).toBe("TOO_MANY_REQUESTS");
    expect(refusalOf(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error }))).toEqual(refusal);
    expect(refusalOf(new Error("select * from secrets"))).toBeNull();
    expect(new RefusalError(refusal, new Error("inner")).message).toBe("cooling-down");
  });

  it("turns moments into text and leaves the rest alone", () => {
    expect(toJson({ at: new Date(0), list: [new Date(0)], none: null, text: "x" })).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      list: ["1970-01-01T00:00:00.000Z"],
      none: null,
      text: "x",
    });
  });
});
