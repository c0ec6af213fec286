import { onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "./index.ts";

/** A simulator that ends with the test. */
export async function startForTest(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(async () => await simulator.close());
  return simulator;
}

export interface CallOptions {
  /** Positional arguments; with them the call is a POST. */
  readonly parameters?: readonly unknown[];
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

/** Calls the CA's HTTP API; `path` is taken from `/rest/v3.1/`. */
export async function callCa(
  simulator: Simulator,
  path: string,
  options: CallOptions = {},
): Promise<Response> {
  const { baseUrl, settings, credential } = simulator.account("ibm-classic");
  const basic = `Basic ${Buffer.from(`${settings.username}:${credential.apiKey}`).toString("base64")}`;
  return await fetch(new URL(path, baseUrl), {
    headers: { authorization: options.authorization ?? basic },
    signal: options.signal ?? null,
    ...(options.parameters
      ? { method: "POST", body: JSON.stringify({ parameters: options.parameters }) }
      : {}),
  });
}

export const service = "SoftLayer_Security_Certificate_Request";

/** Asks for one mail again, as the service's own method does. */
export async function resend(
  simulator: Simulator,
  id: number,
  type: "FulfillmentEmail" | "ApproverEmail" = "FulfillmentEmail",
): Promise<Response> {
  return await callCa(simulator, `${service}/${id}/resendEmail.json`, { parameters: [type] });
}

/** The object an answer holds. */
export async function objectIn(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const body = await answer.json();
  if (typeof body !== "object" || body === null) throw new Error(`no object: ${body}`);
  return { ...body };
}

/** One property of each object in the list an answer holds. */
export async function eachIn(answer: Response, name: string): Promise<unknown[]> {
  const body = await answer.json();
  if (!Array.isArray(body)) throw new Error(`no list: ${body}`);
  return body.map((one) => one[name]);
}
