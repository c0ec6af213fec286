import { notFound } from "next/navigation";

/** Paths that are none of ours get our own page, in the language of the path. */
export default function Page() {
  notFound();
}
