import type { AccountForm } from "@sealpost/api";
import { caCatalog } from "@sealpost/ca-adapter";
import { refuse } from "@sealpost/domain";

/**
 * Sorts the fields of an account form into settings and secrets by the adapter's manifest, and checks the address.
 * Plain http is for loopback only (the sandbox, a test system): a credential must not cross a network in the clear.
 */
export function readAccountForm(
  adapter: string,
  baseUrl: string,
  fields: Readonly<Record<string, string>>,
): AccountForm {
  const manifest = caCatalog.find((known) => known.id === adapter);
  if (!manifest) throw refuse({ code: "invalid-input", field: "adapter", problem: "unknown" });
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of manifest.fields) {
    const value = (fields[field.name] ?? "").trim();
    if (value === "" && field.isRequired && !field.isSecret) {
      throw refuse({ code: "invalid-input", field: field.name, problem: "missing" });
    }
    if (value !== "") (field.isSecret ? secrets : settings)[field.name] = value;
  }
  const isComplete = manifest.fields.every(
    (field) => !field.isSecret || !field.isRequired || secrets[field.name],
  );
  const isEmpty = Object.keys(secrets).length === 0;
  if (!isComplete && !isEmpty)
    throw refuse({ code: "invalid-input", field: "credential", problem: "missing" });
  return {
    settings,
    credential: isEmpty ? null : secrets,
    capabilities: manifest.capabilities,
    baseUrl: checkedUrl(baseUrl || manifest.defaultBaseUrl),
  };
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const isAllowed = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback);
  if (!url || !isAllowed || url.username || url.password || url.search || url.hash) {
    throw refuse({ code: "address-not-allowed", field: "baseUrl" });
  }
  return url.href;
}
