import { describe, expect, it } from "vitest";
import { missingEntries } from "./lock.mjs";

describe("the lockfile's entries of other platforms", () => {
  it("names who a missing package is for, and leaves those alone that are there or further up", () => {
    const packages = {
      "node_modules/tool": {
        optionalDependencies: { "@tool/darwin-arm64": "1.0.0", "@tool/linux-x64": "1.0.0" },
      },
      "node_modules/@tool/linux-x64": {},
    };
    expect(missingEntries(packages)).toEqual({
      "node_modules/@tool/darwin-arm64": { version: "1.0.0", optional: true, os: ["darwin"], cpu: ["arm64"] },
    });
  });
});
