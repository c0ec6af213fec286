import { envelope, multipart, part, plain } from "./mail.mjs";

/** Mails that carry no certificate. @param {import("./book.mjs").Book} book @param {import("./pki.mjs").Pki} pki @param {import("./mail-cases.mjs").Put} put */
export function automaticMails(book, pki, put) {
  const status = part(
    { "Content-Type": "message/delivery-status" },
    "Reporting-MTA: dns; mx.example.test\n\nFinal-Recipient: rfc822; admin@example.test\nAction: failed\nStatus: 5.1.1\n",
  );
  const original = part(
    { "Content-Type": "text/rfc822-headers" },
    "From: ca@example.test\nSubject: ORDER #12345678 - Your certificate\n",
  );
  const bounce = multipart(
    "report; report-type=delivery-status",
    "report",
    [plain("I could not deliver your mail.\n"), status, original],
    {
      ...envelope(
        "Undelivered Mail Returned to Sender",
        "MAILER-DAEMON@mx.example.test (Mail Delivery System)",
      ),
      "Auto-Submitted": "auto-replied",
    },
  );
  const german = multipart(
    "report; report-type=delivery-status",
    "report",
    [plain("Die Nachricht war unzustellbar.\n"), status],
    envelope("Unzustellbar: Ihr Zertifikat", "postmaster@example.test"),
  );
  const away = plain("I am out of the office until 1 December.\n", {
    ...envelope("Automatic reply: ORDER #12345678", "admin@example.test"),
    "Auto-Submitted": "auto-replied",
  });
  const vacation = plain("Ich bin im Urlaub.\n", {
    ...envelope("Abwesenheit: Ihr Zertifikat", "admin@example.test"),
    "Auto-Submitted": "auto-replied (vacation)",
    Precedence: "bulk",
  });
  const refused = { leaf: null, findings: ["bounce-message"] };
  book.add("a report that a mail did not arrive", [put("bounce", bounce)], refused);
  book.add("a German report that a mail did not arrive", [put("bounce German", german)], refused);
  book.add("an automatic answer", [put("auto reply", away)], refused);
  book.add("a German automatic answer", [put("auto reply German", vacation)], refused);
  const none = { leaf: null, findings: ["not-a-certificate"] };
  const link =
    "Your certificate is ready. Download it here:\nhttps://cm.example.test/customer/x/ssl?action=download&sslId=12345&format=x509\n";
  book.add(
    "a mail with links only",
    [
      put(
        "links",
        plain(link, envelope("Enrollment Successful - Your SSL certificate for shop.example.test is ready")),
      ),
    ],
    none,
  );
  book.add(
    "a mail that confirms the order",
    [put("confirmation", plain("Thank you for your order.\n", envelope("ORDER #12345678 - CONFIRMATION")))],
    none,
  );
  book.add(
    "a mail with the request in it",
    [
      put(
        "request",
        plain(`You sent us this:\n\n${pki.csr("shop")}`, envelope("ORDER #12345678 - CONFIRMATION")),
      ),
    ],
    { leaf: null, findings: ["csr-given"] },
  );
  book.add(
    "a mail cut off in the middle of its certificate",
    [put("cut off", plain(pki.pem("direct").slice(0, 400), envelope("Your certificate")))],
    { leaf: null, findings: ["malformed-pem"] },
  );
}
