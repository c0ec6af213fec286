"use client";

import { useTranslations } from "next-intl";
import { Fragment } from "react";

const ownNames = ["text", "certificate", "intermediate", "key", "csr"] as const;

/** Where something was found: the file dropped, and the way inside it. */
export function SourcePath({ path }: { readonly path: readonly string[] }) {
  const t = useTranslations("import.source");
  return (
    <span className="[overflow-wrap:anywhere]">
      {path.map((step, index) => {
        const own = ownNames.find((name) => name === step);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path never changes its order
          <Fragment key={index}>
            {index > 0 && " › "}
            {own ? t(index > 0 && own === "text" ? "mailText" : own) : step}
          </Fragment>
        );
      })}
    </span>
  );
}
