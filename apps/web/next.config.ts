import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({ requestConfig: "./src/i18n/request.ts" });

const config: NextConfig = {
  // Next would look for it, and pass by a checkout that is a user's home, as a service's often is.
  turbopack: { root: fileURLToPath(new URL("../../", import.meta.url)) },
  transpilePackages: ["@sealpost/domain", "@sealpost/api"],
  poweredByHeader: false,
  reactStrictMode: true,
};

export default withNextIntl(config);
