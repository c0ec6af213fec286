import { z } from "zod";

// The service's XML as documented ("API documentation", ssl) and as its own clients read it, in the shape of `parseXml`.
// Only a certificate's number and status are leaned on; whatever else is odd counts as absent.

const loose = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const attribute = loose(z.string());
const textOf = z.object({ "#text": z.string() }).transform((element) => element["#text"]);
/** The first of what may stand there once. */
const only = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(z.unknown())
    .transform(([first]) => first)
    .pipe(schema);
const text = loose(only(textOf));
const count = loose(
  only(
    textOf.pipe(
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ),
  ),
);
const certificateId = z.string().regex(/^\d{1,15}$/);

const fault = z.object({ "@Number": attribute, "#text": z.string() });
export type WireFault = z.infer<typeof fault>;

/** Around every answer, whatever its HTTP status. */
export const wireAnswer = z
  .object({
    ApiResponse: z.object({
      "@Status": z.string(),
      Errors: only(z.object({ Error: z.array(fault).default([]) })).optional(),
      CommandResponse: z.unknown().optional(),
    }),
  })
  .transform(({ ApiResponse }) => ({
    isOk: ApiResponse["@Status"].toLowerCase() === "ok",
    faults: ApiResponse.Errors?.Error ?? [],
    response: ApiResponse.CommandResponse,
  }));

/** The list writes nothing where it knows nothing; `Years` and `IsExpiredYN` follow from the days. */
export const wireRow = z.object({
  "@CertificateID": certificateId,
  "@HostName": attribute,
  "@SSLType": attribute,
  "@PurchaseDate": attribute,
  "@ExpireDate": attribute,
  "@Status": z.string(),
});
export type WireRow = z.infer<typeof wireRow>;

/** `namecheap.ssl.getList` */
export const wireList = only(
  z.object({
    SSLListResult: only(z.object({ SSL: z.array(wireRow).default([]) })),
    Paging: loose(only(z.object({ TotalItems: count, PageSize: count }))),
  }),
);

/** An element of this name with the PEM in it, within another of the same name. */
const caCertificates = z.object({
  Certificate: z.array(z.object({ Certificate: only(textOf) })).default([]),
});

const certificates = z.object({
  Certificate: only(textOf),
  CaCertificates: loose(only(caCertificates)),
});

const details = z.object({
  CSR: text,
  ApproverEmail: text,
  CommonName: text,
  AdministratorEmail: text,
  Certificates: loose(only(certificates)),
});

const info = z.object({
  "@Status": z.string(),
  "@Type": attribute,
  "@IssuedOn": attribute,
  "@Expires": attribute,
  CertificateDetails: loose(only(details)),
});
export type WireInfo = z.infer<typeof info>;

/** `namecheap.ssl.getInfo`. An order that was not activated has no details. */
export const wireInfo = only(z.object({ SSLGetInfoResult: only(info) })).transform(
  ({ SSLGetInfoResult }) => SSLGetInfoResult,
);

const outcome = z.object({ "@IsSuccess": z.string().transform((word) => word.toLowerCase()) });

/** What the mail commands answer: whether the mail was sent. */
export const wireMailed = {
  fulfillment: only(z.object({ SSLResendFulfillmentEmailResult: only(outcome) })).transform(
    ({ SSLResendFulfillmentEmailResult }) => SSLResendFulfillmentEmailResult["@IsSuccess"],
  ),
  approver: only(z.object({ SSLResendApproverEmailResult: only(outcome) })).transform(
    ({ SSLResendApproverEmailResult }) => SSLResendApproverEmailResult["@IsSuccess"],
  ),
};
