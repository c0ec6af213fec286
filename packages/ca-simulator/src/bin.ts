import { parseArgs } from "node:util";
import { startSimulator } from "./simulator.ts";

const { values } = parseArgs({
  options: { "data-dir": { type: "string" }, seed: { type: "string", default: "sandbox" } },
});

const dataDirectory = values["data-dir"];
const simulator = await startSimulator({
  ...(dataDirectory === undefined ? {} : { dataDirectory }),
  seed: values.seed === "none" ? "none" : "sandbox",
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void simulator[Symbol.asyncDispose]().then(() => process.exit(0)));
}

// One line for the start script: where everything listens.
console.log(
  JSON.stringify({
    ready: true,
    mailboxUrl: simulator.mailboxUrl,
    keysUrl: simulator.keysUrl,
    controlUrl: simulator.controlUrl,
    controlToken: simulator.controlToken,
    smtpPort: simulator.smtpPort,
    accounts: simulator.accounts,
    rootCertificatePem: simulator.rootCertificatePem,
  }),
);
