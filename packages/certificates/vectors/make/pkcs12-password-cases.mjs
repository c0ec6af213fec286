import { fileName } from "./text-cases.mjs";

const password = "Correct horse 9";
const locked = { options: { password }, key: { encrypted: true } };
const converted = { fixed: ["pkcs12-converted"] };

/** @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./pkcs12-cases.mjs").MakePfx} pfx */
export function passwordCases(book, { shop }, pfx) {
  const empty = book.file("pkcs12/empty-password.p12", pfx(""));
  book.add("a PKCS#12 with an empty password, none given", [empty], { key: { encrypted: true } });
  book.add("a PKCS#12 with an empty password, an empty one given", [empty], {
    ...locked,
    options: { password: "" },
  });
  const oldEmpty = book.file("pkcs12/empty-password-old.p12", pfx("", ["-legacy"]));
  book.add("an old PKCS#12 with an empty password, none given", [oldEmpty], {
    ...converted,
    key: { encrypted: true },
  });
  const word = "Grüße-пароль-密码";
  for (const [name, how] of /** @type {[string, string[]][]} */ ([
    ["AES-256", []],
    ["RC2-40", ["-legacy"]],
    ["no seal", ["-nomac"]],
  ])) {
    const file = book.file(`pkcs12/words-${fileName(name)}.p12`, pfx(word, how));
    book.add(`a PKCS#12 with letters from elsewhere in its password and ${name}`, [file], {
      ...locked,
      options: { password: word },
    });
  }
  const taken = book.file("pkcs12/decomposed.p12", pfx(word.normalize("NFD")));
  book.add("a PKCS#12 whose password has its accents apart", [taken], {
    ...locked,
    options: { password: word.normalize("NFC") },
  });
  const composed = book.file("pkcs12/composed.p12", pfx("Größe"));
  book.add("a PKCS#12 whose password was typed with its accents apart", [composed], {
    ...locked,
    options: { password: "Größe".normalize("NFD") },
  });
  shop.write("latin1.txt", Buffer.from("Größe\n", "latin1"));
  const latin = shop.output(
    "pkcs12",
    "-export",
    "-in",
    "shop.crt",
    "-inkey",
    "shop.key",
    "-certfile",
    "intermediate.crt",
    "-passout",
    "file:latin1.txt",
  );
  book.add("a PKCS#12 whose password was taken as Latin-1", [book.file("pkcs12/latin1.p12", latin)], {
    ...locked,
    options: { password: "Größe" },
  });
  for (const name of ["aes-256", "rc2-40-for-certificates", "3des-throughout", "sha-384-as-its-seal"]) {
    const file = `pkcs12/${name}.p12`;
    book.add(`no password for the PKCS#12 ${name}`, [file], {
      leaf: null,
      findings: ["passphrase-required"],
    });
    book.add(`a wrong password for the PKCS#12 ${name}`, [file], {
      leaf: null,
      findings: ["wrong-passphrase"],
      options: { password: "wrong horse" },
    });
  }
}
