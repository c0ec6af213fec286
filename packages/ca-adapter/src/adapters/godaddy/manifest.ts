import type { CaManifest } from "@sealpost/domain";

export const godaddyManifest = {
  id: "godaddy",
  name: "GoDaddy",
  docsUrl: "https://developer.godaddy.com/doc/endpoint/certificates",
  defaultBaseUrl: "https://api.godaddy.com/",
  baseUrls: [
    { label: { en: "Production", de: "Produktion" }, url: "https://api.godaddy.com/" },
    {
      label: { en: "GoDaddy's test system (OTE)", de: "Testsystem von GoDaddy (OTE)" },
      url: "https://api.ote-godaddy.com/",
    },
  ],
  capabilities: [
    "list-orders",
    "resend-fulfillment",
    "resend-approver",
    "choose-recipient",
    "mail-history",
    "download",
  ],
  // The call that repeats a mail elsewhere names one address.
  mostRecipients: 1,
  fulfillmentMail: "link",
  mailFormats: [],
  // Sixty calls a minute are told by users; the vendor publishes no number, so its 429 is heeded instead.
  rateLimits: [],
  fields: [
    {
      name: "customerId",
      label: { en: "Customer ID", de: "Kunden-ID" },
      help: {
        en: "A UUID such as 295e3bc3-b3b9-4d95-aae5-ede41a994d13, not the customer number. GoDaddy's API tells it for the shopper, with includes=customerId.",
        de: "Eine UUID wie 295e3bc3-b3b9-4d95-aae5-ede41a994d13, nicht die Kundennummer. Die API von GoDaddy nennt sie zum Shopper, mit includes=customerId.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "key",
      label: { en: "API key", de: "API-Schlüssel" },
      help: {
        en: "Made at developer.godaddy.com under API Keys. Kept sealed in the vault; it is never shown again.",
        de: "Entsteht unter developer.godaddy.com, API Keys. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
    {
      name: "secret",
      label: { en: "API secret", de: "API-Geheimnis" },
      help: {
        en: "Shown once, when the key is made. Kept sealed in the vault; it is never shown again.",
        de: "Wird nur einmal gezeigt, wenn der Schlüssel entsteht. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
  ],
  help: {
    unauthorized: {
      en: "Keys of the test system work only there, and those of production only in production.",
      de: "Schlüssel des Testsystems gelten nur dort, und solche der Produktion nur in der Produktion.",
    },
    forbidden: {
      en: "GoDaddy opens its API only to accounts above a certain size. Ask its support whether yours may use the Certificates API.",
      de: "GoDaddy öffnet seine API nur für Konten ab einer gewissen Größe. Fragen Sie den Support, ob Ihres die Certificates API nutzen darf.",
    },
  },
  about: {
    en: "GoDaddy's email holds a link and no certificate; the certificate itself can be downloaded here. An email can be repeated to the order's address or to one other.",
    de: "Die E-Mail von GoDaddy enthält einen Link und kein Zertifikat; das Zertifikat selbst lässt sich hier herunterladen. Eine E-Mail lässt sich an die Adresse der Bestellung oder an eine andere wiederholen.",
  },
} as const satisfies CaManifest;
