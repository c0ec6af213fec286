export { type Control, connectControl } from "./control.ts";
export { type Fault, type FaultScope, faults } from "./faults.ts";
export { type KeyType, makeRequest } from "./issue.ts";
export type { MailFacts } from "./mailbox.ts";
export type { NewOrder } from "./new-order.ts";
export type { BookOrder, Journal, StatusName } from "./order-book.ts";
export { type SandboxAccount, type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";
