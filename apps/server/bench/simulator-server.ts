import { startSimulator } from "@sealpost/ca-simulator";

// A CA with so many orders in one DigiCert account: all for one request, and pending, since what counts is the list.

const count = Number(process.argv[2]);
const simulator = await startSimulator();
const { control } = simulator;
const { csrPem } = await control.placeOrder({ commonName: "first.example.test", status: "Canceled" });
for (let number = 0; number < count; number++)
  await control.placeOrder({
    ca: "digicert",
    commonName: `host-${number}.example.test`,
    csrPem,
    status: "Pending CA Approval",
  });
process.send?.({ account: simulator.account("digicert") });
process.on("message", () => {
  void control.journal().then(({ calls }) => {
    const lists = calls.filter(({ path }) => path.endsWith("/order/certificate"));
    process.send?.({ lists: lists.length, refused: calls.filter(({ status }) => status !== 200).length });
  });
});
