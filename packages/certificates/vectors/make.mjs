import { rmSync } from "node:fs";
import { openBook } from "./make/book.mjs";
import { chainCases } from "./make/chain-cases.mjs";
import { keyCases } from "./make/key-cases.mjs";
import { leafCases } from "./make/leaf-cases.mjs";
import { mailCases } from "./make/mail-cases.mjs";
import { oddCases } from "./make/odd-cases.mjs";
import { makeWorkshop } from "./make/openssl.mjs";
import { pkcs7Cases } from "./make/pkcs7-cases.mjs";
import { pkcs12Cases } from "./make/pkcs12-cases.mjs";
import { makePki } from "./make/pki.mjs";
import { makeSet, putSharedFiles } from "./make/set.mjs";
import { textCases } from "./make/text-cases.mjs";
import { zipCases } from "./make/zip-cases.mjs";

const here = import.meta.dirname;
const workshop = makeWorkshop();
const pki = makePki(workshop);
const book = openBook(pki);
makeSet(pki);
putSharedFiles(book, pki);
for (const cases of [
  textCases,
  keyCases,
  pkcs7Cases,
  pkcs12Cases,
  zipCases,
  mailCases,
  chainCases,
  leafCases,
  oddCases,
])
  cases(book, pki);
rmSync(`${here}/files`, { recursive: true, force: true });
book.write(here);
workshop.end();
const rare = book.rare();
if (rare.length > 0) throw new Error(`fewer than two vectors have ${rare.join(", ")}`);
process.stdout.write(`${book.vectors.length} vectors, ${book.files.size} files\n`);
