import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "@sealpost/cli/inspect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { orderedName, startTestRouters, type TestRouters } from "./test-router.ts";

// What the console says of a file and what the command line says of it is the same, finding by finding: the console by
// its router, worker threads and database, the command by its own reading, over every vector there is.

interface Vector {
  readonly name: string;
  readonly files: readonly string[];
  readonly options: {
    readonly password?: string;
    readonly orderHosts?: readonly string[];
    readonly trust?: readonly string[];
    readonly intermediates?: string;
    readonly certificateOnly?: true;
    readonly at?: string;
  };
}

const vectors = new URL("../../../packages/certificates/vectors/", import.meta.url);
const pathOf = (file: string) => fileURLToPath(new URL(`files/${file}`, vectors));
const manifest: { readonly at: string; readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("manifest.json", vectors), "utf8"),
);

let routers: TestRouters;
beforeAll(async () => {
  routers = await startTestRouters();
});
afterAll(() => routers[Symbol.asyncDispose]());

const opened = new Map<string, ReturnType<TestRouters["open"]>>();

/** One console for each set of roots and intermediates. */
function consoleFor({ trust = ["pki/root.crt"], intermediates }: Vector["options"]) {
  const key = JSON.stringify([trust, intermediates]);
  const console =
    opened.get(key) ??
    routers.open({
      anchorsPem: trust.map((file) => readFileSync(pathOf(file), "utf8")),
      intermediates: intermediates === undefined ? null : readFileSync(pathOf(intermediates)),
    });
  opened.set(key, console);
  return console;
}

async function consoleSays({ files, options }: Vector) {
  const at = new Date(options.at ?? manifest.at);
  const form = new FormData();
  for (const file of files)
    form.append("file", new File([Uint8Array.from(readFileSync(pathOf(file)))], basename(file)));
  form.append("mode", options.certificateOnly ? "certificate-only" : "certificate-and-key");
  if (options.password !== undefined) form.append("passphrase", options.password);
  form.append("order", options.orderHosts ? await routers.placeOrder(options.orderHosts, at) : "none");
  const { callerAs, forgetTries } = await consoleFor(options);
  forgetTries();
  const { findings } = await callerAs("administrator", at).certificates.preview(form);
  return findings.map(({ id, severity, params, source }) => ({
    id,
    severity,
    params,
    source: source?.path.join(" › ") ?? null,
  }));
}

async function commandSays({ files, options }: Vector) {
  const { findings } = await inspect({
    files: files.map(pathOf),
    passphrase: options.password ?? null,
    orderHosts: options.orderHosts ?? [],
    at: new Date(options.at ?? manifest.at),
    trust: (options.trust ?? ["pki/root.crt"]).map(pathOf),
    intermediates: options.intermediates === undefined ? [] : [pathOf(options.intermediates)],
    certificateOnly: options.certificateOnly ?? false,
    language: "en",
    json: true,
  });
  return findings.map(({ id, severity, params, source }) => ({ id, severity, params, source }));
}

/** An order names hosts; an order for an IPv6 address is something only the command can be told of. */
function isOrderable({ options }: Vector): boolean {
  try {
    return (options.orderHosts ?? []).map(orderedName).length >= 0;
  } catch {
    return false;
  }
}

const orderable = manifest.vectors.filter(isOrderable);

it("is compared over all vectors but those few whose order no CA could show", () => {
  expect(manifest.vectors.length - orderable.length).toBeLessThan(5);
});

it.each(orderable.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
  expect(await consoleSays(vector)).toEqual(await commandSays(vector));
});
