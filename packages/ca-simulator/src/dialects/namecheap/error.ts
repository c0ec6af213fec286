import type { Answer } from "../../play-fault.ts";
import { element, text } from "./xml.ts";

/** Ends a call early with the service's error ("Global error codes", and those of each command). */
export class NamecheapError extends Error {
  readonly number: string;

  constructor(number: string, words: string) {
    super(words);
    this.number = number;
  }
}

/** The service answers 200 whatever happened. */
export function spokenError({ number, message }: NamecheapError): Answer {
  const error = element("Error", { Number: number }, [text(message)]);
  const content = [
    element("Errors", {}, [error]),
    element("Warnings"),
    element("RequestedCommand"),
    element("CommandResponse"),
  ];
  return xmlAnswer("ERROR", content);
}

export function spoken(command: string, response: readonly string[]): Answer {
  const content = [
    element("Errors"),
    element("Warnings"),
    element("RequestedCommand", {}, [text(command.toLowerCase())]),
    element("CommandResponse", { Type: command }, response),
  ];
  return xmlAnswer("OK", content);
}

/** Around every answer. The doubled minus of the time difference is the service's own. */
export function xmlAnswer(status: "OK" | "ERROR", content: readonly string[]): Answer {
  const xmlns = "http://api.namecheap.com/xml.response";
  const trailer = [
    element("Server", {}, ["SANDBOX01"]),
    element("GMTTimeDifference", {}, ["--5:00"]),
    element("ExecutionTime", {}, ["0.012"]),
  ];
  const whole = element("ApiResponse", { Status: status, xmlns }, [...content, ...trailer]);
  return {
    status: 200,
    body: `<?xml version="1.0" encoding="utf-8"?>\r\n${whole}`,
    headers: { "content-type": "application/xml; charset=utf-8" },
  };
}

/** Each global parameter has its own number for missing; the one for the user name is published nowhere. */
const missing = {
  apiuser: ["1010101", "Parameter APIUser is missing"],
  apikey: ["1010102", "Parameter APIKey is missing"],
  username: ["1010103", "Parameter UserName is missing"],
  clientip: ["1010105", "Parameter ClientIP is missing"],
  command: ["1010104", "Parameter Command is missing"],
  certificateid: ["2010294", "Parameter CertificateID is missing"],
} as const;
export type Parameter = keyof typeof missing;

export function missingParameter(name: Parameter): NamecheapError {
  const [number, words] = missing[name];
  return new NamecheapError(number, words);
}

export function wrongKey(): NamecheapError {
  return new NamecheapError("1011102", "API Key is invalid or API access has not been enabled");
}

export function wrongUserName(): NamecheapError {
  return new NamecheapError("1016103", "Parameter UserName is unauthorized");
}

export function wrongIp(clientIp: string): NamecheapError {
  return new NamecheapError("1011150", `Invalid request IP: ${clientIp}`);
}

export function lockedUser(): NamecheapError {
  return new NamecheapError("1017101", "Parameter ApiUser is disabled or locked");
}

/** The numbers for what the sandbox does not do are published nowhere; these are ours. */
export function unknownCommand(command: string): NamecheapError {
  return new NamecheapError("2010104", `Command ${command} is not valid`);
}

export function unknownReturntype(): NamecheapError {
  return new NamecheapError("2010296", "Parameter Returntype is invalid");
}

export function noSuchCertificate(): NamecheapError {
  return new NamecheapError("2011294", "CertificateID is invalid");
}

export function wrongStatus(): NamecheapError {
  return new NamecheapError("2011331", "Status is invalid");
}

export function tooManyRequests(): NamecheapError {
  return new NamecheapError("500000", "Too many requests");
}
