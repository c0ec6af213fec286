"use client";

import { ArrowDown, ClipboardPaste, Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Seal } from "@/components/seal";
import { TextArea } from "@/components/text-field";
import { type ImportState, partNames, type Typed } from "./import-form";
import { PasteBox } from "./paste-text";

interface MaterialDropProps {
  readonly state: ImportState;
  readonly isReading: boolean;
  readonly onAdd: (files: readonly File[], text: string | null) => void;
  /** What is typed and not read yet. */
  readonly onType: (typed: Typed) => void;
  readonly onRead: (state: ImportState) => void;
}

/** One place for everything: it is sorted by content afterwards. IBM's separate boxes stay for those who want them. */
export function MaterialDrop({ state, isReading, onAdd, onType, onRead }: MaterialDropProps) {
  const t = useTranslations("import");
  const files = useRef<HTMLInputElement>(null);
  const isOver = useDragOver();
  const [isPasting, setPasting] = useState(false);
  const [isSeparate, setSeparate] = useState(false);
  return (
    <>
      <section
        aria-label={t("drop.title")}
        className={`relative overflow-hidden rounded-sheet border border-dashed bg-surface ${isOver ? "border-focus" : "border-control"}`}
      >
        <Flap isOpen={isOver} />
        {/* The seal sits on the tip of the flap. */}
        <div className="relative flex min-h-[400px] flex-col items-center px-6 pt-[104px] pb-10 text-center max-md:min-h-[340px]">
          <span className="relative mb-5 grid size-12 place-items-center text-ink-2">
            <Seal className="absolute inset-0 size-12 text-sunken" />
            <ArrowDown aria-hidden className="relative size-5" />
          </span>
          <h2 className="text-head font-semibold">
            {isReading ? t("drop.reading") : isOver ? t("drop.over") : t("drop.title")}
          </h2>
          <p className="mt-1 max-w-[44ch] text-ink-2">{t("drop.text")}</p>
          <div className="mt-5 flex flex-wrap justify-center gap-2">
            <Button
              look="primary"
              icon={<Upload aria-hidden className="size-4" />}
              onClick={() => files.current?.click()}
            >
              {t("drop.choose")}
            </Button>
            <Button
              icon={<ClipboardPaste aria-hidden className="size-4" />}
              aria-expanded={isPasting}
              onClick={() => setPasting(!isPasting)}
            >
              {t("drop.paste")}
            </Button>
          </div>
          <input
            ref={files}
            type="file"
            multiple
            hidden
            aria-label={t("drop.choose")}
            onChange={(event) => {
              onAdd([...(event.target.files ?? [])], null);
              event.target.value = "";
            }}
          />
          <p className="mt-6 max-w-[60ch] text-meta text-ink-3">{t("drop.note")}</p>
          <p className="mt-1 max-w-[60ch] text-meta text-ink-3">
            {t.rich("drop.private", {
              command: (text) => <code className="font-mono text-code">{text}</code>,
            })}
          </p>
        </div>
      </section>
      {isPasting && (
        <PasteBox
          className="mt-3 rounded-sheet border bg-surface p-4"
          text={state.draft}
          onType={(draft) => onType({ draft })}
          onRead={() => onRead(state)}
        />
      )}
      <Button
        look="quiet"
        className="mt-2"
        aria-expanded={isSeparate}
        onClick={() => setSeparate(!isSeparate)}
      >
        {t("separate.open")}
      </Button>
      {isSeparate && (
        <SeparateParts
          parts={state.parts}
          onType={(parts) => onType({ parts })}
          onRead={() => onRead(state)}
        />
      )}
    </>
  );
}

/** The envelope: its flap opens while something is dragged over the page. */
function Flap({ isOpen }: { readonly isOpen: boolean }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      className="absolute inset-x-0 top-0 h-40 w-full text-line-strong"
    >
      <path
        d={isOpen ? "M0 0 L50 4 L100 0" : "M0 0 L50 38 L100 0"}
        fill="none"
        stroke="currentColor"
        vectorEffect="non-scaling-stroke"
        className="transition-[d] duration-[180ms]"
      />
    </svg>
  );
}

function SeparateParts({
  parts,
  onType,
  onRead,
}: {
  readonly parts: ImportState["parts"];
  readonly onType: (parts: ImportState["parts"]) => void;
  readonly onRead: () => void;
}) {
  const t = useTranslations("import");
  return (
    <form
      className="mt-1 grid gap-4 rounded-sheet border bg-surface p-4 lg:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        onRead();
      }}
    >
      {partNames.map((name) => (
        <TextArea
          key={name}
          label={t(`separate.${name}`)}
          help={t(`separate.${name}Help`)}
          value={parts[name]}
          onChange={(event) => onType({ ...parts, [name]: event.target.value })}
          rows={6}
          className="font-mono text-code"
          autoComplete="off"
          spellCheck={false}
        />
      ))}
      <Button type="submit" look="secondary" className="justify-self-start">
        {t("drop.read")}
      </Button>
    </form>
  );
}

function useDragOver(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = () => {
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const end = () => {
      depth = 0;
      setOver(false);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", end);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", end);
    };
  }, []);
  return isOver;
}
