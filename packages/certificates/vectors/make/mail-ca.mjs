import { attachment, envelope, multipart, part, plain } from "./mail.mjs";

export const subject = "ORDER #12345678 - Your PositiveSSL Certificate for shop.example.test";
export const greeting =
  "Dear customer,\n\nYour PositiveSSL Certificate for shop.example.test is attached!\n\n";
export const key = "pem/shop.key";

/** A CA's mail as it is most often: words in two forms, and an archive. @param {string} text @param {Buffer} archive @param {string} outer @param {string} inner @param {string} [type] */
export function withArchive(text, archive, outer, inner, type = "application/x-zip-compressed") {
  const words = multipart("alternative", inner, [
    plain(text, { "Content-Transfer-Encoding": "8bit" }),
    part(
      { "Content-Type": "text/html; charset=ISO-8859-1", "Content-Transfer-Encoding": "7bit" },
      "<p>Your certificate is attached!</p>",
    ),
  ]);
  return multipart(
    "mixed",
    outer,
    [words, attachment("shop_example_test.zip", archive, type)],
    envelope(subject),
  );
}
