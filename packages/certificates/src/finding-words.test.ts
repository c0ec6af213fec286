import { findingWords } from "@sealpost/domain";
import { expect, it } from "vitest";
import { fileKind, textDocument } from "./formats/file-kind.ts";
import { limits } from "./limits.ts";

const languages = ["en", "de"] as const;

it.each(Object.keys(limits))("the limit %s is told in words", (limit) => {
  for (const language of languages)
    expect(findingWords({ id: "resource-limit", params: { limit } }, language).what).not.toContain(
      `: ${limit})`,
    );
});

it("a format that is not read is told in German words", () => {
  const told = (bytes: Buffer) => {
    const kind = fileKind(bytes) ?? textDocument(bytes.toString("latin1"));
    return findingWords({ id: "unsupported-format", params: { format: kind?.format ?? "" } }, "de").what;
  };
  expect(told(Buffer.from("89504e470d0a1a0a", "hex"))).toContain("Bild");
  expect(told(Buffer.from("d0cf11e0a1b11ae1", "hex"))).toContain("Outlook-Nachricht");
  expect(told(Buffer.from("1f8b08", "hex"))).toContain("gzip-Archiv");
  expect(told(Buffer.from("<!doctype html><html><body>no</body></html>"))).toContain("HTML-Seite");
});
