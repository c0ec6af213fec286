import { hasLocale } from "next-intl";
import { messageFile } from "@/i18n/message-file";
import { routing } from "@/i18n/routing";

/** A page that was drawn by an earlier build asks for what there is no more, and gets what there is, not to be kept. */
export async function GET(
  _: Request,
  { params }: { params: Promise<{ locale: string; version: string }> },
): Promise<Response> {
  const { locale, version } = await params;
  if (!hasLocale(routing.locales, locale)) return new Response(null, { status: 404 });
  const file = await messageFile(locale);
  const isNamed = version === file.version;
  return new Response(file.json, {
    headers: {
      "content-type": "application/json",
      "cache-control": isNamed ? "public, max-age=31536000, immutable" : "no-store",
    },
  });
}
