import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { caCatalog } from "../index.ts";

const adapters = new URL("../adapters/", import.meta.url);
const dialects = new URL("../../../ca-simulator/src/dialects/", import.meta.url);
const folders = readdirSync(adapters).sort();

describe("nothing is forgotten of a CA", () => {
  it("every folder has a line in the registry, and there are no others", () => {
    expect(caCatalog.map(({ id }) => id).sort()).toEqual(folders);
  });

  it.each(folders)(
    "%s has its files, a dialect of the simulator, and its one call of the promises",
    (folder) => {
      for (const file of ["manifest.ts", "wire.ts", "client.ts", "map.ts", "adapter.ts", "map.test.ts"])
        expect(existsSync(new URL(`${folder}/${file}`, adapters))).toBe(true);
      expect(existsSync(new URL(`${folder}/dialect.ts`, dialects))).toBe(true);
      const test = readFileSync(new URL(`${folder}/adapter.test.ts`, adapters), "utf8");
      expect(test.match(/^caConformance\(\{$/gm)).toHaveLength(1);
      expect(test).toContain(`  adapter: "${folder}",\n`);
      expect(test).toContain(`startSimulated("${folder}")`);
    },
  );

  it("an adapter imports no other adapter", () => {
    for (const folder of folders)
      for (const file of readdirSync(new URL(`${folder}/`, adapters))) {
        const text = readFileSync(new URL(`${folder}/${file}`, adapters), "utf8");
        const others = folders.filter((other) => other !== folder);
        for (const other of others) expect(text).not.toContain(`../${other}/`);
      }
  });
});
