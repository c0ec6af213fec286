"use client";

import { ClipboardPaste } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "@/components/button";
import { TextArea } from "@/components/text-field";

interface PasteProps {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onRead: () => void;
}

/** A button beside others that opens the box below them, for what somebody holds as text; on phones there is no other way. */
export function PasteText({ onRead, ...rest }: PasteProps) {
  const t = useTranslations("import");
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    opener.current?.focus();
    setOpen(false);
    onRead();
  };
  return (
    <>
      <Button
        ref={opener}
        look="quiet"
        icon={<ClipboardPaste aria-hidden className="size-4" />}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t("drop.paste")}
      </Button>
      {isOpen && <PasteBox {...rest} className="basis-full" onRead={close} />}
    </>
  );
}

export function PasteBox({
  text,
  onType,
  onRead,
  className,
}: PasteProps & {
  readonly className: string;
}) {
  const t = useTranslations("import");
  return (
    <form
      className={`grid gap-2 ${className}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") onRead();
      }}
    >
      <TextArea
        label={t("drop.pasteLabel")}
        value={text}
        onChange={(event) => onType(event.target.value)}
        rows={8}
        className="font-mono text-code"
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      <Button type="submit" className="justify-self-start" isOff={text.trim() === ""}>
        {t("drop.read")}
      </Button>
    </form>
  );
}
