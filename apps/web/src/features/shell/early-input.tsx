import { headers } from "next/headers";
import { EarlyInputEnd } from "./early-input-end";

const keepEarlyInput = `(() => {
  let repeat = null;
  const keep = (event) => {
    const control = event.target.closest("button, input[type=checkbox], input[type=radio], form");
    if (!control || (event.type === "click" && control.matches("form"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    repeat = () => (event.type === "click" ? control.click() : control.requestSubmit());
  };
  for (const type of ["click", "submit"]) addEventListener(type, keep, true);
  document.addEventListener("sealpost:awake", () => {
    for (const type of ["click", "submit"]) removeEventListener(type, keep, true);
    const typable = "input:not([type=checkbox], [type=radio], [type=file]), textarea";
    // All of them first: with each that React hears of, it clears those it has not heard of yet.
    const typed = [...document.querySelectorAll(typable)]
      .filter((field) => field.value !== field.defaultValue)
      .map((field) => [field, field.value]);
    for (const [field, value] of typed) {
      // React compares with the value it last saw set on the field itself.
      field.value = field.defaultValue;
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // What was typed is drawn first.
    setTimeout(() => repeat?.());
  }, { once: true });
})()`;

/**
 * Keeps what somebody does before the page's own scripts have come, on a slow line or a busy machine: the last control
 * that was clicked, and what was typed. Both are done again when the page has taken over. Without this a click is lost,
 * and typed text stands in a field that counts as empty.
 */
export async function EarlyInput() {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      <script nonce={nonce} suppressHydrationWarning>
        {keepEarlyInput}
      </script>
      <EarlyInputEnd />
    </>
  );
}
