import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({
  requestConfig: "./src/i18n/request.ts",
  experimental: {
    // The browser gets messages ready to be filled in, and no parser for them.
    messages: { path: "./src/messages", locales: "infer", format: "json", precompile: true },
  },
});

const config: NextConfig = {
  // Next would look for it, and pass by a checkout that is a user's home, as a service's often is.
  turbopack: { root: fileURLToPath(new URL("../../", import.meta.url)) },
  transpilePackages: ["@sealpost/domain", "@sealpost/api"],
  poweredByHeader: false,
  // For everybody the title comes with the first bytes: streamed, a page had none for a moment, and a screen reader no name for it.
  htmlLimitedBots: /./,
  reactStrictMode: true,
};

export default withNextIntl(config);
