"use client";

import type { OrderDetailsView, RouterOutputs } from "@sealpost/api/client";
import type { EmailKind, MailFormat } from "@sealpost/domain";
import { mayChooseRecipients } from "@sealpost/domain/policy";
import { Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { Moment } from "@/components/moment";
import { useRefusalSentence } from "@/components/refusal-text";
import { TextArea, TextField } from "@/components/text-field";
import { useCaCatalog } from "@/features/accounts/ca-catalog";
import { useMay } from "@/features/shell/session";
import { Link } from "@/i18n/navigation";
import { EmailEvidence } from "./email-evidence";
import { downloadHref } from "./import-href";
import { type ChoiceProblem, type ResendChoices, typedAddresses } from "./resend-choices";
import { useCanDownload } from "./use-can-download";

interface ConfirmationProps {
  readonly preparation: RouterOutputs["orders"]["prepareResend"];
  readonly kind: EmailKind;
  readonly isUnknownBefore: boolean;
  readonly choices: ResendChoices;
  readonly problem: ChoiceProblem | null;
  readonly onChoose: (choices: ResendChoices) => void;
}

/** Everything to know before one more mail: who gets it, when the last one went, and what this CA leaves to choose. */
export function ResendConfirmation(props: ConfirmationProps) {
  const { preparation, kind } = props;
  const t = useTranslations("resend");
  const { order, mailsToday, policy } = preparation;
  const { adapter, capabilities } = order.account;
  const manifest = useCaCatalog().find(({ id }) => id === adapter);
  const isFulfillment = kind === "fulfillment";
  const formats =
    isFulfillment && capabilities.includes("choose-format") ? (manifest?.mailFormats ?? []) : [];
  const last = order.requests.find((request) => request.kind === kind);
  return (
    <>
      <Warnings preparation={preparation} isUnknownBefore={props.isUnknownBefore} />
      {isFulfillment && <OtherWay order={order} isLinkOnly={manifest?.fulfillmentMail === "link"} />}
      <dl className="mt-4 divide-y border-t">
        {mayChooseRecipients(kind, capabilities) ? (
          <Row name={t("to")}>
            <RecipientChoice {...props} />
          </Row>
        ) : (
          <Row name={t("domainAdministrator")}>
            <NamedRecipients order={order} kind={kind} />
          </Row>
        )}
        {formats.length > 0 && (
          <Row name={t("format.label")}>
            <FormatChoice
              formats={formats}
              chosen={props.choices.format ?? formats[0]}
              onChoose={(format) => props.onChoose({ ...props.choices, format })}
            />
          </Row>
        )}
        <Row name={t("lastEmail")}>
          {last ? (
            <>
              <EmailEvidence request={last} />
              <p className="text-meta text-ink-3">{t("askedBy", { name: last.requestedBy.name })}</p>
            </>
          ) : (
            t("noneYet")
          )}
        </Row>
        <Row name={t("coolDown")}>
          {t("coolDownText", {
            seconds: policy.coolDownS,
            count: mailsToday,
            most: policy.dailyMailsPerRecipient,
          })}
        </Row>
      </dl>
      {isFulfillment && capabilities.includes("add-message") && <MessageField {...props} />}
    </>
  );
}

function Warnings({
  preparation,
  isUnknownBefore,
}: Pick<ConfirmationProps, "preparation" | "isUnknownBefore">) {
  const t = useTranslations("resend");
  const sentence = useRefusalSentence();
  const { mailsToday, policy, refreshFault } = preparation;
  const warnings = [
    ...(refreshFault ? [`${t("notFresh")} ${sentence(refreshFault)}`] : []),
    ...(isUnknownBefore ? [t("unknownBefore")] : []),
    ...(mailsToday >= policy.dailyMailsPerRecipient ? [t("overDaily", { count: mailsToday })] : []),
  ];
  return warnings.map((warning) => (
    <p key={warning} role="alert" className="mt-4 rounded-control bg-warn-soft px-3 py-2 text-warn">
      {warning}
    </p>
  ));
}

function NamedRecipients({ order, kind }: { readonly order: OrderDetailsView; readonly kind: EmailKind }) {
  const t = useTranslations("resend");
  const recipients = order.recipients[kind];
  if (recipients === "not-loaded" || recipients.length === 0) return t("noAddress");
  return recipients.map((recipient) => (
    <div key={recipient.address}>
      <span className="font-medium [overflow-wrap:anywhere]">{recipient.address}</span>
      <Source order={order} source={recipient.source}>
        {t("noOtherAddress")}
      </Source>
    </div>
  ));
}

/** Where the CA's word about an address comes from, and when it was read. */
function Source({
  order,
  source,
  children,
}: {
  readonly order: OrderDetailsView;
  readonly source: Exclude<OrderDetailsView["recipients"]["fulfillment"], "not-loaded">[number]["source"];
  readonly children?: ReactNode;
}) {
  const t = useTranslations("resend");
  return (
    <span className="block text-meta text-ink-3">
      {t(`source.${source}`, { order: order.caOrderId })} {t("readAt")}{" "}
      <Moment at={order.syncedAt} as="clock" />
      {". "}
      {children}
    </span>
  );
}

/** Whom the CA would mail, each to be left out; and where the right is there, anybody else, confirmed on their own. */
function RecipientChoice({ preparation: { order }, kind, choices, problem, onChoose }: ConfirmationProps) {
  const t = useTranslations("resend");
  const mayChange = useMay("orders:change-recipient");
  const recipients = order.recipients[kind];
  const typed = typedAddresses(choices.another);
  const change = (address: string, isChosen: boolean) => {
    const others = choices.leftOut.filter((one) => one !== address);
    onChoose({ ...choices, leftOut: isChosen ? others : [...others, address] });
  };
  return (
    <div className="grid gap-2">
      {recipients === "not-loaded" || recipients.length === 0
        ? t("noAddress")
        : recipients.map(({ address, source }) => (
            <Tick
              key={address}
              isTicked={!choices.leftOut.includes(address)}
              onChange={(isChosen) => change(address, isChosen)}
            >
              <span className="font-medium [overflow-wrap:anywhere]">{address}</span>
              <Source order={order} source={source} />
            </Tick>
          ))}
      {mayChange ? (
        <>
          <TextField
            label={t("another.label")}
            help={t("another.help")}
            inputMode="email"
            autoComplete="off"
            spellCheck={false}
            value={choices.another}
            onChange={(event) => onChoose({ ...choices, another: event.target.value })}
            problem={problem && problem.key !== "unconfirmed" && problemSentence(problem, t)}
          />
          {typed.length > 0 && problem?.key !== "wrong" && (
            <Tick
              isTicked={choices.confirmed === choices.another}
              onChange={(isSure) => onChoose({ ...choices, confirmed: isSure ? choices.another : null })}
            >
              {t("another.confirm", { addresses: typed.join(", ") })}
            </Tick>
          )}
        </>
      ) : (
        <p className="text-meta text-ink-3">{t("another.noRight")}</p>
      )}
    </div>
  );
}

export function problemSentence(
  problem: ChoiceProblem,
  t: ReturnType<typeof useTranslations<"resend">>,
): string {
  if (problem.key === "wrong") return t("another.wrong", { text: problem.text });
  if (problem.key === "tooMany") return t("another.tooMany", { most: problem.most });
  return t(`another.${problem.key}`);
}

/** Said beforehand: where the mail does not hold what people wait for, and where it can be had without any. */
function OtherWay({ order, isLinkOnly }: { readonly order: OrderDetailsView; readonly isLinkOnly: boolean }) {
  const t = useTranslations("resend");
  const canDownload = useCanDownload(order.account, order.status);
  if (!isLinkOnly && !canDownload) return null;
  return (
    <p className="mt-4 flex gap-2 rounded-control bg-info-soft px-3 py-2">
      <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-info" />
      <span>
        {t(isLinkOnly ? "linkOnly" : "withoutEmail")}{" "}
        {canDownload && (
          <Link href={downloadHref(order.orderId)} prefetch={false} className="underline underline-offset-2">
            {t("downloadHere")}
          </Link>
        )}
      </span>
    </p>
  );
}

function MessageField({ choices, onChoose }: Pick<ConfirmationProps, "choices" | "onChoose">) {
  const t = useTranslations("resend.message");
  return (
    <div className="border-t py-3">
      <TextArea
        label={t("label")}
        help={t("help")}
        rows={2}
        maxLength={500}
        value={choices.message}
        onChange={(event) => onChoose({ ...choices, message: event.target.value })}
        problem={/-----BEGIN |PRIVATE KEY/.test(choices.message) && t("holdsKey")}
      />
    </div>
  );
}

function FormatChoice({
  formats,
  chosen,
  onChoose,
}: {
  readonly formats: readonly MailFormat[];
  readonly chosen: MailFormat | undefined;
  readonly onChoose: (format: MailFormat) => void;
}) {
  const t = useTranslations("resend.format");
  const name = useId();
  return (
    <fieldset className="grid gap-1">
      <legend className="sr-only">{t("label")}</legend>
      {formats.map((format) => (
        <label key={format} className="flex items-center gap-2.5 max-md:py-1.5">
          <input
            type="radio"
            name={name}
            className="size-4 accent-(--bar)"
            checked={chosen === format}
            onChange={() => onChoose(format)}
          />
          {t(format)}
        </label>
      ))}
    </fieldset>
  );
}

function Tick({
  isTicked,
  onChange,
  children,
}: {
  readonly isTicked: boolean;
  readonly onChange: (isTicked: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <label className="flex items-start gap-2.5 max-md:py-1.5">
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-(--bar)"
        checked={isTicked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="min-w-0">{children}</span>
    </label>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-[148px_minmax(0,1fr)] gap-4 py-3 max-md:grid-cols-1 max-md:gap-0.5">
      <dt className="text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
