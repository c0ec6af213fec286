import {
  type AskedMail,
  caAccountIdSchema,
  caOrderIdSchema,
  dnsNameSchema,
  emailAddressSchema,
  kindOfMail,
  matchMail,
  type Order,
  orderIdSchema,
  resendRequestIdSchema,
  senderVerdict,
} from "@sealpost/domain";
import { beforeAll, describe, expect, it } from "vitest";
import { type BookedOrder, type Corpus, type LabelledMail, makeCorpus } from "../tests/mail-corpus.ts";
import { readMail } from "./read-mail.ts";

interface Judged {
  readonly mail: LabelledMail;
  readonly orderId: string | null;
  readonly kind: string;
  readonly text: string;
}

let corpus: Corpus;
let judged: readonly Judged[];
beforeAll(async () => {
  corpus = await makeCorpus();
  judged = await Promise.all(corpus.mails.map(judgedMail));
}, 60_000);

async function judgedMail(mail: LabelledMail): Promise<Judged> {
  const facts = await readMail(mail.raw);
  const match = matchMail({
    facts,
    orders: corpus.orders.map(asOrder),
    requests: corpus.orders.flatMap(asRequests),
    receivedAt: corpus.receivedAt,
    isForged: senderVerdict(facts, []).sender === "fail",
  });
  return { mail, orderId: match.orderId, kind: kindOfMail(facts), text: JSON.stringify({ facts, match }) };
}

function asOrder({ id, number, names, spkiSha256, status, issued }: BookedOrder): Order {
  return {
    orderId: orderIdSchema.parse(id),
    caAccountId: caAccountIdSchema.parse("account"),
    caOrderId: caOrderIdSchema.parse(number),
    product: "SSL",
    validationType: "dv",
    commonName: names[0] ?? "",
    dnsNames: names.map((name) => dnsNameSchema.parse(name)),
    recipients: { fulfillment: "not-loaded", approver: "not-loaded" },
    csrSpkiSha256: spkiSha256,
    status,
    vendorStatus: status,
    orderedAt: null,
    issuances: issued.map(({ from, to }, index) => ({
      caCertificateId: String(index),
      validFrom: from,
      validTo: to,
    })),
    syncedAt: corpus.receivedAt,
    detailsAt: corpus.receivedAt,
    goneAt: null,
    imports: {},
  };
}

function asRequests({ id, asked }: BookedOrder): readonly AskedMail[] {
  if (asked === null) return [];
  return [
    {
      requestId: resendRequestIdSchema.parse(`request-${id}`),
      orderId: orderIdSchema.parse(id),
      kind: asked.kind,
      status: "accepted",
      confirmedRecipients: [emailAddressSchema.parse(asked.to)],
      requestedAt: asked.at,
      claimedAt: asked.at,
    },
  ];
}

describe("which order a mail is about", () => {
  it("is never said wrongly, and said of at least 98 of 100 that anybody could tell", () => {
    const said = judged.filter(({ orderId }) => orderId !== null);
    const right = said.filter(({ orderId, mail }) => orderId === mail.orderId);
    const labelled = judged.filter(({ mail }) => mail.orderId !== null);
    const precision = right.length / said.length;
    const recall = right.length / labelled.length;
    process.stdout.write(
      `${judged.length} mails, ${labelled.length} of them about a known order: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}\n`,
    );
    const wrong = judged.filter(({ orderId, mail }) => orderId !== mail.orderId);
    expect(judged.length).toBeGreaterThanOrEqual(200);
    expect(wrong.filter(({ orderId }) => orderId !== null).map(({ mail }) => mail.name)).toEqual([]);
    expect(wrong.map(({ mail }) => mail.name).slice(0, recall >= 0.98 ? 0 : 20)).toEqual([]);
  });

  it("goes with what kind of mail it is", () => {
    const wrong = judged.filter(({ kind, mail }) => kind !== mail.kind);
    expect(wrong.map(({ mail, kind }) => `${mail.name}: ${kind}, not ${mail.kind}`)).toEqual([]);
  });

  it("is told without keeping anything of a mail's text, certificate or key", () => {
    for (const { mail, text } of judged) {
      expect(text, mail.name).not.toMatch(/BEGIN|MII[A-Z]|PRIVATE|Attached|Mittagessen|pizza/);
    }
  });
});
