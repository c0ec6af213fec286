import { faults as knownFaults, startSimulator } from "@sealpost/ca-simulator";
import { caOrderIdSchema } from "@sealpost/domain";
import { openCertificateAuthority, rateLimiterFor } from "../registry.ts";
import type { ConformanceWorld, OpenAbout } from "./world.ts";

export interface SimulatedWorld extends ConformanceWorld {
  readonly simulator: Awaited<ReturnType<typeof startSimulator>>;
}

/** A world around the simulator. Its time stands still but for the waits of the rate limiter. */
export async function startSimulated(adapter: string): Promise<SimulatedWorld> {
  const startedAt = Date.now();
  let waitedMs = 0;
  const clock = {
    now: () => startedAt + waitedMs,
    wait: async (ms: number) => {
      waitedMs += ms;
    },
  };
  const simulator = await startSimulator({ now: () => new Date(clock.now()) });
  const { control } = simulator;
  const account = simulator.account(adapter);
  const limiter = rateLimiterFor(adapter, clock);
  const open = (about: OpenAbout = {}) => {
    const { baseUrl = account.baseUrl, isWrongCredential = false, ...rest } = about;
    const wrong = Object.keys(account.credential).map((field) => [field, "wrong-key"]);
    const credential = isWrongCredential ? Object.fromEntries(wrong) : account.credential;
    return openCertificateAuthority({ adapter, ...account, baseUrl, credential, limiter, ...rest });
  };
  const secrets = Object.values(account.credential);
  const user = account.settings.username;
  const basic = secrets.map((key) => Buffer.from(`${user}:${key}`).toString("base64"));
  return {
    simulator,
    authority: open(),
    baseUrl: account.baseUrl,
    open,
    secrets: user === undefined ? secrets : [...secrets, ...basic],
    async placeOrder({ commonName, state, vendorStatus }) {
      const status = state === "issued" ? "Approved" : "Pending CA Approval";
      const word = vendorStatus === undefined ? {} : { vendorStatus };
      const order = await control.placeOrder({ ca: adapter, commonName, status, ...word });
      return { caOrderId: caOrderIdSchema.parse(order.number) };
    },
    async setFault(scope, fault) {
      await control.setFault(scope, "all", knownFaults.find((known) => known === fault) ?? null);
    },
    setLargestPage: async (orders) => await control.setLargestPage(orders),
    async mails() {
      const mails = await control.mails();
      return await Promise.all(
        mails.map(async ({ mailId, to }) => {
          const raw = Buffer.from(await control.rawMail(mailId)).toString("utf8");
          return { to, raw };
        }),
      );
    },
    calls: async () => (await control.journal()).calls.map(({ status }) => status),
    waitedMs: () => waitedMs,
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}
