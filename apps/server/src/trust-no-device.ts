import { createAuthMiddleware } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth/types";

/**
 * The library spares a browser the second factor for 30 days when it asks for that beside a code. No page does, and
 * nobody else is heard: a second factor is asked for at every sign-in.
 */
export function trustNoDevice(): BetterAuthPlugin {
  const before = createAuthMiddleware(async () => ({ context: { body: { trustDevice: false } } }));
  return {
    id: "sealpost-trust-no-device",
    hooks: {
      before: [{ matcher: ({ path }) => path?.startsWith("/two-factor/verify-") === true, handler: before }],
    },
  };
}
