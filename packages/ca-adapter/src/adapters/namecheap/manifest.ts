import type { CaManifest } from "@sealpost/domain";

export const namecheapManifest = {
  id: "namecheap",
  name: "Namecheap",
  docsUrl: "https://www.namecheap.com/support/api/intro/",
  defaultBaseUrl: "https://api.namecheap.com/",
  baseUrls: [
    { label: { en: "Production", de: "Produktion" }, url: "https://api.namecheap.com/" },
    {
      label: { en: "Namecheap's sandbox", de: "Sandbox von Namecheap" },
      url: "https://api.sandbox.namecheap.com/",
    },
  ],
  capabilities: ["list-orders", "resend-fulfillment", "resend-approver", "download"],
  fulfillmentMail: "certificate",
  mailFormats: [],
  // Per key, as the vendor's API FAQ has them and its own Go SDK keeps them. Others quote 50 a minute: the less holds.
  rateLimits: [
    { calls: 20, perS: 60 },
    { calls: 700, perS: 3600 },
    { calls: 8000, perS: 86_400 },
  ],
  fields: [
    {
      name: "apiUser",
      label: { en: "API user", de: "API-Benutzer" },
      help: {
        en: "The user name of the Namecheap account whose API key this is.",
        de: "Der Benutzername des Namecheap-Kontos, zu dem der API-Schlüssel gehört.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "apiKey",
      label: { en: "API key", de: "API-Schlüssel" },
      help: {
        en: "Shown at Namecheap under Profile, Tools, API Access once access is switched on. Kept sealed in the vault; it is never shown again.",
        de: "Steht bei Namecheap unter Profile, Tools, API Access, sobald der Zugang eingeschaltet ist. Liegt versiegelt im Tresor und wird nie wieder angezeigt.",
      },
      isSecret: true,
      isRequired: true,
    },
    {
      name: "clientIp",
      label: { en: "IPv4 address of this server", de: "IPv4-Adresse dieses Servers" },
      help: {
        en: "The public address from which Namecheap sees this console's calls. It must stand on the list of allowed addresses under Profile, Tools, API Access; else every call is refused with error 1011150. IPv6 does not do.",
        de: "Die öffentliche Adresse, von der aus Namecheap die Aufrufe dieser Konsole sieht. Sie muss unter Profile, Tools, API Access in der Liste der erlaubten Adressen stehen; sonst wird jeder Aufruf mit Fehler 1011150 abgelehnt. IPv6 geht nicht.",
      },
      isSecret: false,
      isRequired: true,
    },
    {
      name: "userName",
      label: { en: "User name", de: "Benutzername" },
      help: {
        en: "Only where the orders belong to another user than the API user.",
        de: "Nur nötig, wenn die Bestellungen einem anderen Benutzer gehören als dem API-Benutzer.",
      },
      isSecret: false,
      isRequired: false,
    },
  ],
  help: {
    unauthorized: {
      en: "Check that API access is switched on at Namecheap, and that user and key are of the same system: its sandbox has accounts of its own.",
      de: "Prüfen Sie, ob der API-Zugang bei Namecheap eingeschaltet ist und Benutzer und Schlüssel zum selben System gehören: Die Sandbox hat eigene Konten.",
    },
    "ip-not-allowed": {
      en: "Put the address that Namecheap names on the list of allowed addresses under Profile, Tools, API Access, and in this account.",
      de: "Tragen Sie die Adresse, die Namecheap nennt, unter Profile, Tools, API Access in die Liste der erlaubten Adressen ein, und in diesem Konto.",
    },
  },
  about: {
    en: "The email goes to the administrator named when the order was activated, and to nobody else. Namecheap allows 20 calls a minute, so that a long list takes its time.",
    de: "Die E-Mail geht an den Administrator, der bei der Aktivierung der Bestellung genannt wurde, und an niemanden sonst. Namecheap erlaubt 20 Aufrufe pro Minute; eine lange Liste braucht deshalb ihre Zeit.",
  },
} as const satisfies CaManifest;
