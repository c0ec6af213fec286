import { basename, relative, resolve, sep } from "node:path";
import { rolldown } from "rolldown";

// Our programs run as TypeScript wherever they are worked on. Bundled they start quicker and take less memory, since
// nothing has to be looked for, stripped of types and kept. A package's `build` calls this with its programs; into `dist`.

const dist = resolve("dist");
const input = Object.fromEntries(
  process.argv
    .slice(2)
    .map((entry) => [basename(entry, ".ts"), entry.startsWith("@") ? entry : resolve(entry)]),
);

const bundle = await rolldown({
  input,
  platform: "node",
  // Native code, and what starts threads from files of its own.
  external: ["better-sqlite3", "piscina"],
  // Nothing is left out, here and below: a call made only to see whether it throws is taken for useless.
  treeshake: false,
  plugins: [
    {
      name: "own-place",
      transform: {
        filter: { code: "import.meta.", id: /^[^\0]/ },
        handler: (code, id) => ({ code: inPlace(code, id) }),
      },
    },
  ],
});
await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  minify: false,
});

/**
 * What a module finds beside itself stays beside its source; a program it starts by name is bundled too.
 * @param {string} code
 * @param {string} id
 */
function inPlace(code, id) {
  const source = relative(dist, id).split(sep).join("/");
  return code
    .replace(/import\.meta\.resolve\("@sealpost\/\w+\/([\w-]+)"\)/g, 'import.meta.resolve("./$1.js")')
    .replaceAll("import.meta.url", `import.meta.resolve(${JSON.stringify(source)})`);
}
