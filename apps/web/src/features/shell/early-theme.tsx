import { headers } from "next/headers";

const followSystem = `
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
`;

/** Before the first paint, where nobody has chosen: only the browser knows what the system likes. */
export async function EarlyTheme() {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {followSystem}
    </script>
  );
}
