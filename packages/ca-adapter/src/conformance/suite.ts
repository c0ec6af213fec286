import { capabilities } from "@sealpost/domain";
import { afterEach, describe, expect, it } from "vitest";
import { promiseLists } from "./list-promises.ts";
import { promiseMails } from "./mail-promises.ts";
import { promiseSense } from "./mutation-promises.ts";
import { promiseTrouble } from "./trouble-promises.ts";
import type { ConformanceOptions, ConformanceWorld } from "./world.ts";

export type { ConformanceOptions, ConformanceWorld, OpenAbout, PlacedOrder } from "./world.ts";

/** The promises every adapter keeps, run over HTTP. Gaps are subtracted as data, never by leaving a case out. */
export function caConformance(options: ConformanceOptions): void {
  describe(`${options.adapter} keeps the promises of a certificate authority`, () => {
    const worlds: ConformanceWorld[] = [];
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
    });
    const open = async () => {
      const world = await options.start();
      worlds.push(world);
      return world;
    };

    it("claims exactly the capabilities that are not declared missing, and has a method for each", async () => {
      const { authority } = await open();
      const claimed = capabilities.filter((capability) => !(capability in options.unsupported));
      expect([...authority.capabilities].sort()).toEqual([...claimed].sort());
      expect(authority.download !== undefined).toBe(authority.capabilities.has("download"));
      expect(authority.mailHistory !== undefined).toBe(authority.capabilities.has("mail-history"));
    });

    promiseLists(open, options);
    promiseMails(open, options);
    promiseTrouble(open, options);
    promiseSense(open);
  });
}
