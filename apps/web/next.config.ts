import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({ requestConfig: "./src/i18n/request.ts" });

const config: NextConfig = {
  transpilePackages: ["@sealpost/domain", "@sealpost/api"],
  poweredByHeader: false,
  reactStrictMode: true,
};

export default withNextIntl(config);
