import type { CaManifest } from "@sealpost/domain";

export const azureAppServiceManifest = {
  id: "azure-app-service",
  name: "Azure App Service Certificates",
  docsUrl: "https://learn.microsoft.com/en-us/rest/api/appservice/app-service-certificate-orders",
  defaultBaseUrl: "https://management.azure.com/",
  // App Service certificates exist in no other Azure cloud.
  baseUrls: [{ label: { en: "Azure", de: "Azure" }, url: "https://management.azure.com/" }],
  capabilities: ["list-orders", "resend-fulfillment", "resend-approver", "mail-history", "download"],
  fulfillmentMail: "link",
  mailFormats: [],
  // Published as buckets that refill, per region and principal: no window says the same, so its 429 is heeded.
  rateLimits: [],
  fields: [
    {
      name: "tenantId",
      label: { en: "Directory (tenant) ID", de: "Verzeichnis-ID (Mandant)" },
      help: {
        en: "Stands on the overview page of the app registration in Microsoft Entra.",
        de: "Steht auf der Übersichtsseite der App-Registrierung in Microsoft Entra.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "subscriptionId",
      label: { en: "Subscription ID", de: "Abonnement-ID" },
      help: {
        en: "The subscription that holds the certificate orders. Each subscription is an account of its own here.",
        de: "Das Abonnement, in dem die Zertifikatbestellungen liegen. Jedes Abonnement ist hier ein eigenes Konto.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "clientId",
      label: { en: "Application (client) ID", de: "Anwendungs-ID (Client)" },
      help: {
        en: "Of an app registration made for this console. It needs a role on the subscription: with Reader orders are listed, emails need Contributor or a role of your own.",
        de: "Einer App-Registrierung für diese Konsole. Sie braucht eine Rolle im Abonnement: Mit Leser werden Bestellungen gelistet, für E-Mails braucht es Mitwirkender oder eine eigene Rolle.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "clientSecret",
      label: { en: "Client secret", de: "Geheimer Clientschlüssel" },
      help: {
        en: "The value, not the ID, shown once under Certificates & secrets. It expires on the day chosen there. Kept sealed in the vault; it is never shown again.",
        de: "Der Wert, nicht die ID; steht einmal unter Zertifikate & Geheimnisse. Läuft am dort gewählten Tag ab. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
  ],
  help: {
    unauthorized: {
      en: "The client secret has probably expired, or one of the IDs is of another tenant. Make a new secret under Certificates & secrets, and compare tenant, application and subscription.",
      de: "Der geheime Clientschlüssel ist wahrscheinlich abgelaufen, oder eine der IDs gehört zu einem anderen Mandanten. Erstellen Sie unter Zertifikate & Geheimnisse einen neuen, und vergleichen Sie Mandant, Anwendung und Abonnement.",
    },
    forbidden: {
      en: "The app registration lacks a role on the subscription. Under Access control (IAM), give it Contributor, or a role with the actions of Microsoft.CertificateRegistration/certificateOrders. Reader lists orders only.",
      de: "Der App-Registrierung fehlt eine Rolle im Abonnement. Geben Sie ihr unter Zugriffssteuerung (IAM) Mitwirkender oder eine Rolle mit den Aktionen von Microsoft.CertificateRegistration/certificateOrders. Leser listet nur Bestellungen.",
    },
  },
  about: {
    en: "The email goes to the contact of the order and leads to the certificate without holding it; the certificate itself is downloaded here. Where Azure made the key, it lies in a Key Vault and has to be exported there.",
    de: "Die E-Mail geht an den Kontakt der Bestellung und führt zum Zertifikat, ohne es zu enthalten; das Zertifikat selbst wird hier heruntergeladen. Hat Azure den Schlüssel erzeugt, liegt er in einem Key Vault und muss dort exportiert werden.",
  },
} as const satisfies CaManifest;
