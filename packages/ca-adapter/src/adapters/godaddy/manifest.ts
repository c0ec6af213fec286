import type { CaManifest } from "@sealpost/domain";

export const godaddyManifest = {
  id: "godaddy",
  name: "GoDaddy",
  docsUrl: "https://developer.godaddy.com/doc/endpoint/certificates",
  defaultBaseUrl: "https://api.godaddy.com/",
  baseUrls: [
    { label: { en: "Production", de: "Produktion" }, url: "https://api.godaddy.com/" },
    { label: { en: "Test (OTE)", de: "Test (OTE)" }, url: "https://api.ote-godaddy.com/" },
  ],
  capabilities: [
    "list-orders",
    "resend-fulfillment",
    "resend-approver",
    "choose-recipient",
    "mail-history",
    "download",
  ],
  // The call that repeats a mail elsewhere has room for one address in its path.
  mostRecipients: 1,
  fulfillmentMail: "link",
  mailFormats: [],
  // To each endpoint, people say; the specification names a 429 and no number. Counted over all of them: the less holds.
  rateLimits: [{ calls: 60, perS: 60 }],
  fields: [
    {
      name: "customerId",
      label: { en: "Customer ID", de: "Kunden-ID" },
      help: {
        en: "A UUID, not the customer number of up to ten digits. The API names it as customerId of the shopper.",
        de: "Eine UUID, nicht die Kundennummer mit bis zu zehn Ziffern. Die API nennt sie als customerId des Shoppers.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "apiKey",
      label: { en: "API key", de: "API-Schlüssel" },
      help: {
        en: "Made in the developer portal under API Keys, for production or for the test environment. Kept sealed in the vault; it is never shown again.",
        de: "Entsteht im Entwicklerportal unter API Keys, für die Produktion oder für die Testumgebung. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
    {
      name: "apiSecret",
      label: { en: "API secret", de: "API-Geheimnis" },
      help: {
        en: "Shown once, when the key is made. Kept sealed in the vault; it is never shown again.",
        de: "Wird einmal gezeigt, wenn der Schlüssel entsteht. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
  ],
  help: {
    unauthorized: {
      en: "Take key and secret of the same environment: test keys work only at the test address, live keys only at the production address.",
      de: "Nehmen Sie Schlüssel und Geheimnis derselben Umgebung: Testschlüssel gelten nur an der Testadresse, echte nur an der Produktionsadresse.",
    },
    forbidden: {
      en: "GoDaddy allows the use of its API only to accounts of a certain size or with an entitlement for it. Ask GoDaddy whether this account is one, and check that the customer ID is the account's own.",
      de: "GoDaddy erlaubt die Nutzung seiner API nur Konten ab einer gewissen Größe oder mit einer Berechtigung dafür. Fragen Sie GoDaddy, ob dieses Konto dazugehört, und prüfen Sie, ob die Kunden-ID die des Kontos ist.",
    },
  },
  about: {
    en: "The email does not carry the certificate, only the way to fetch it; Sealpost downloads it from GoDaddy. GoDaddy repeats an email it has sent before, to the address of the order or to one other that you choose.",
    de: "Die E-Mail enthält nicht das Zertifikat, nur den Weg dorthin; Sealpost lädt es von GoDaddy herunter. GoDaddy wiederholt eine früher gesendete E-Mail, an die Adresse der Bestellung oder an eine andere, die Sie wählen.",
  },
} as const satisfies CaManifest;
