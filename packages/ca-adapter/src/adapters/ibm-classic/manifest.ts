import type { CaManifest } from "@sealpost/domain";

export const ibmClassicManifest = {
  id: "ibm-classic",
  name: "IBM Cloud classic",
  docsUrl: "https://sldn.softlayer.com/reference/services/SoftLayer_Security_Certificate_Request/",
  defaultBaseUrl: "https://api.softlayer.com/rest/v3.1/",
  baseUrls: [
    {
      label: { en: "Public network", de: "Öffentliches Netz" },
      url: "https://api.softlayer.com/rest/v3.1/",
    },
    {
      label: { en: "Private network of IBM Cloud", de: "Privates Netz der IBM Cloud" },
      url: "https://api.service.softlayer.com/rest/v3.1/",
    },
  ],
  capabilities: ["list-orders", "resend-fulfillment", "resend-approver"],
  fulfillmentMail: "certificate",
  mailFormats: [],
  rateLimits: [],
  fields: [
    {
      name: "username",
      label: { en: "API user name", de: "API-Benutzername" },
      help: {
        en: "The user of the classic API key, or the word apikey for a key of IBM Cloud.",
        de: "Der Benutzer des klassischen API-Schlüssels, oder das Wort apikey bei einem Schlüssel von IBM Cloud.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "apiKey",
      label: { en: "API key", de: "API-Schlüssel" },
      help: {
        en: "Kept sealed in the vault; it is never shown again.",
        de: "Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
  ],
  help: {
    unauthorized: {
      en: "Classic API keys go with the user name shown beside them; a key of IBM Cloud goes with the word apikey.",
      de: "Zu klassischen API-Schlüsseln gehört der daneben gezeigte Benutzername, zu einem Schlüssel von IBM Cloud das Wort apikey.",
    },
  },
  about: {
    en: "IBM has taken no SSL orders since December 2024. What an account ordered before can still be listed, and its emails asked for.",
    de: "IBM nimmt seit Dezember 2024 keine SSL-Bestellungen mehr an. Was ein Konto vorher bestellt hat, lässt sich weiterhin auflisten, und seine E-Mails lassen sich anfordern.",
  },
} as const satisfies CaManifest;
