import { startSimulated } from "../../conformance/simulated.test-world.ts";
import { caConformance } from "../../conformance/suite.ts";

const anyJson = "The service says no more than 2xx, so JSON that is no object is nobody's answer.";

caConformance({
  adapter: "digicert",
  start: () => startSimulated("digicert"),
  unsupported: { "mail-history": "The service keeps no list of mails." },
  differs: {
    "empty-200": {
      as: "accepted",
      why: "Any 2xx without a body is the service's acceptance (204 is documented).",
    },
    false: { as: "outcome-unknown", why: anyJson },
  },
  noRetryAfter: "The service documents no Retry-After; its windows are rolling.",
});
