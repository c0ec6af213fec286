import { type OrderStatus, orderStatuses } from "@sealpost/domain/policy";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Sheet, SheetHead } from "@/components/sheet";
import { StatusMark } from "@/features/orders/status-mark";
import { FirstStepsAgain, ShowKeys } from "./help-actions";

const subjects = ["mail", "key", "chain", "drop", "confidential"] as const;
/** What an order with a certificate can be, beside what the CA says. */
const ofIssued = ["to-import", "imported", "expired"] as const;
const evidences = ["accepted", "received", "bounced", "unconfirmed", "unknown", "refused"] as const;

/** What newcomers ask, answered in a few sentences. Made on the server: its texts do not travel with other pages. */
export function HelpPage() {
  const t = useTranslations("help");
  return (
    <>
      <h1 className="py-3 text-page font-semibold">{t("title")}</h1>
      <div className="grid max-w-[1100px] items-start gap-3 lg:grid-cols-2">
        <div className="grid gap-3">
          {subjects.map((subject) => (
            <Sheet key={subject}>
              <SheetHead title={t(`${subject}.title`)} />
              <div id={subject} className="grid scroll-mt-24 gap-2 px-4 py-3">
                <p>{t(`${subject}.text`)}</p>
                <p className="text-ink-2">{t(`${subject}.more`)}</p>
              </div>
            </Sheet>
          ))}
          <Sheet>
            <SheetHead title={t("around.title")} />
            <div className="flex flex-wrap gap-2 px-4 py-3">
              <ShowKeys>{t("around.keys")}</ShowKeys>
              <FirstStepsAgain notKept={t("around.notKept")}>{t("around.firstSteps")}</FirstStepsAgain>
            </div>
          </Sheet>
        </div>
        <div className="grid gap-3">
          <Statuses />
          <Evidence />
        </div>
      </div>
    </>
  );
}

function Statuses() {
  const t = useTranslations("help.status");
  const words = useTranslations("status");
  const now = new Date();
  const others = orderStatuses.filter((status) => status !== "issued");
  return (
    <Sheet>
      <SheetHead title={t("title")} />
      <dl id="status" className="divide-y px-4 py-1">
        {ofIssued.map((status) => (
          <Meaning key={status} term={<StatusMark order={issued(status, now)} now={now} />}>
            {t(status)}
          </Meaning>
        ))}
        {others.map((status) => (
          <Meaning
            key={status}
            term={<StatusMark order={{ ...bare, status, vendorStatus: words("unknown") }} now={now} />}
          >
            {t(status)}
          </Meaning>
        ))}
      </dl>
    </Sheet>
  );
}

/** What the Email column says. */
function Evidence() {
  const t = useTranslations("help.evidence");
  return (
    <Sheet>
      <SheetHead title={t("title")} />
      <dl id="email" className="divide-y px-4 py-1">
        {evidences.map((evidence) => (
          <Meaning key={evidence} term={t(`${evidence}.word`)}>
            {t(`${evidence}.text`)}
          </Meaning>
        ))}
      </dl>
    </Sheet>
  );
}

function Meaning({ term, children }: { readonly term: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-4 py-2 md:grid-cols-[190px_minmax(0,1fr)]">
      <dt className="font-medium">{term}</dt>
      <dd className="text-ink-2">{children}</dd>
    </div>
  );
}

const bare = { attention: "nothing-to-do", importedAt: null, expiresAt: null } as const;

/** An order whose mark is the one explained. */
function issued(status: (typeof ofIssued)[number], now: Date) {
  const importedAt = status === "imported" ? now.toISOString() : null;
  const expiresAt = status === "expired" ? now.toISOString() : null;
  const issuedStatus: OrderStatus = "issued";
  return { ...bare, status: issuedStatus, vendorStatus: "", importedAt, expiresAt };
}
