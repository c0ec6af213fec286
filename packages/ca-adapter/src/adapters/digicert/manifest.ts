import type { CaManifest } from "@sealpost/domain";

export const digicertManifest = {
  id: "digicert",
  name: "DigiCert CertCentral",
  docsUrl: "https://dev.digicert.com/certcentral-apis/services-api.html",
  defaultBaseUrl: "https://www.digicert.com/services/v2/",
  baseUrls: [
    { label: { en: "CertCentral", de: "CertCentral" }, url: "https://www.digicert.com/services/v2/" },
    {
      label: { en: "CertCentral Europe", de: "CertCentral Europa" },
      url: "https://certcentral.digicert.eu/services/v2/",
    },
  ],
  capabilities: [
    "list-orders",
    "incremental-list",
    "resend-fulfillment",
    "resend-approver",
    "choose-recipient",
    "choose-format",
    "add-message",
    "download",
  ],
  fulfillmentMail: "certificate",
  mailFormats: ["attachment", "plaintext", "link"],
  // "Rate limits", Services API: per key, over rolling windows.
  rateLimits: [
    { calls: 100, perS: 5 },
    { calls: 1000, perS: 180 },
  ],
  fields: [
    {
      name: "apiKey",
      label: { en: "API key", de: "API-Schlüssel" },
      help: {
        en: "Made in CertCentral under Automation, API Keys. A key restricted to View Only lists orders but cannot ask for emails. Kept sealed in the vault; it is never shown again.",
        de: "Entsteht in CertCentral unter Automation, API Keys. Ein auf View Only beschränkter Schlüssel listet Bestellungen, kann aber keine E-Mails anfordern. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
  ],
  help: {
    unauthorized: {
      en: "Take an API key of the same CertCentral: keys of the European one work only there.",
      de: "Nehmen Sie einen API-Schlüssel desselben CertCentral: Schlüssel des europäischen gelten nur dort.",
    },
    forbidden: {
      en: "The key is probably restricted to View Only. In CertCentral, make one with the restriction Orders, or with none.",
      de: "Der Schlüssel ist wahrscheinlich auf View Only beschränkt. Erstellen Sie in CertCentral einen mit der Beschränkung Orders oder ohne Beschränkung.",
    },
  },
  about: {
    en: "The email goes to whoever ordered and to the technical contact, or to any address you choose. Every request sends one more email.",
    de: "Die E-Mail geht an die Person, die bestellt hat, und an den technischen Kontakt, oder an jede Adresse, die Sie wählen. Jede Anforderung sendet eine weitere E-Mail.",
  },
} as const satisfies CaManifest;
