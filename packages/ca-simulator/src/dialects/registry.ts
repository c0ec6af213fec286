import { azureAppService } from "./azure-app-service/dialect.ts";
import type { Dialect } from "./dialect.ts";
import { digicert } from "./digicert/dialect.ts";
import { godaddy } from "./godaddy/dialect.ts";
import { ibmClassic } from "./ibm-classic/dialect.ts";
import { namecheap } from "./namecheap/dialect.ts";

/** The CAs played here, each with one account and its own orders. */
export const dialects: readonly Dialect[] = [ibmClassic, digicert, namecheap, godaddy, azureAppService];

/** Throws for a CA that is not played here. */
export function dialectOf(ca: string): Dialect {
  const found = dialects.find((dialect) => dialect.ca === ca);
  if (!found) throw new Error(`${ca} is not played here`);
  return found;
}
