import { emailAddressSchema } from "@sealpost/domain";
import { describe, expect, it } from "vitest";
import { never, outcomeOf } from "../../conformance/world.ts";
import { emailPath, fault, history, mail, own, repeating, request, serve } from "./service.test-world.ts";

describe("asking GoDaddy for a mail once more", () => {
  it("hands on what is said of single fields", async () => {
    const fields = [{ code: "PATTERN", path: "$.emailAddress", message: "is not valid" }];
    const { authority } = await serve(() => ({ status: 422, body: fault("INVALID_BODY", { fields }) }));
    await expect(authority.resendEmail(request, never)).rejects.toMatchObject({
      caMessage: "Words $.emailAddress: is not valid",
    });
  });

  it("repeats the newest mail of its kind to the address it went to, and another address by name", async () => {
    const { authority, lines } = await serve(repeating);
    const other = emailAddressSchema.parse("o'neil+tls/1@example.test");
    await authority.resendEmail({ ...request, mailId: null }, never);
    await authority.resendEmail({ ...request, mailId: null, recipients: [] }, never);
    await authority.resendEmail({ ...request, mailId: null, recipients: [other] }, never);
    await authority.resendEmail({ ...request, mailId: null, kind: "approver" }, never);
    await authority.resendEmail(request, never);
    await authority.resendEmail({ ...request, recipients: [] }, never);
    expect(lines().filter((line) => line.startsWith("POST"))).toEqual([
      `POST ${emailPath}/8/resend`,
      `POST ${emailPath}/8/resend`,
      `POST ${emailPath}/8/resend/o'neil%2Btls%2F1%40example.test`,
      `POST ${emailPath}/3/resend/it%40example.test`,
      `POST ${emailPath}/5/resend/it%40example.test`,
      `POST ${emailPath}/5/resend`,
    ]);
    expect(lines().filter((line) => line.startsWith("GET"))).toHaveLength(4);
  });

  it("repeats a mail that went to several addresses to all of them or to one, and to no other two", async () => {
    const several = [mail(3, "DomainControlValidation", "admin@example.test, hostmaster@example.test", 1)];
    const { authority, lines } = await serve((line) =>
      line.startsWith("GET") ? { status: 200, body: several } : { status: 204 },
    );
    const ask = (...addresses: string[]) => {
      const recipients = addresses.map((address) => emailAddressSchema.parse(address));
      return outcomeOf(
        authority.resendEmail({ ...request, mailId: null, kind: "approver", recipients }, never),
      );
    };
    await ask("hostmaster@example.test", "Admin@example.test");
    await ask("admin@example.test");
    for (const other of ["it@example.test", "admin@example.test"])
      expect(await ask("admin@example.test", other)).toMatchObject({ kind: "invalid-input" });
    expect(await ask("admin@example.test", "hostmaster@example.test", own)).toMatchObject({
      kind: "invalid-input",
    });
    expect(lines().filter((line) => line.startsWith("POST"))).toEqual([
      `POST ${emailPath}/3/resend`,
      `POST ${emailPath}/3/resend/admin%40example.test`,
    ]);
  });

  it.each([
    ["two recipients", { recipients: [own, emailAddressSchema.parse("two@example.test")] }],
    ["a form", { format: "link" }],
    ["words", { message: "Hello" }],
    ["a mail that is no number", { mailId: "resend" }],
    ["a mail that leads elsewhere", { mailId: "../../x" }],
  ] as const)("refuses %s before anything leaves", async (_, wrong) => {
    const { authority, seen } = await serve(repeating);
    for (const kind of ["fulfillment", "approver"] as const)
      await expect(authority.resendEmail({ ...request, kind, ...wrong }, never)).rejects.toMatchObject({
        kind: "invalid-input",
      });
    expect(seen).toEqual([]);
  });

  it.each([
    ["no history", { status: 409, body: fault("NONE") }, "no-earlier-email", null],
    ["no such mail in it", { status: 200, body: [mail(9, "Renewal", "", 1)] }, "no-earlier-email", null],
    ["no certificate", { status: 404, body: fault("NOT_FOUND") }, "not-found", /Words/],
    ["no readable history", { status: 200, body: "<html>Sign in</html>" }, "unavailable", null],
    ["an upset service", { status: 500, body: fault("ERROR") }, "unavailable", /Words/],
  ])("asks for no mail where there is %s, and says that none left", async (_, answer, kind, words) => {
    const { authority, lines } = await serve(() => answer);
    const asked = await outcomeOf(authority.resendEmail({ ...request, mailId: null }, never));
    // A history holds what mails say: one that cannot be read is not quoted.
    expect(asked).toMatchObject({ kind, caMessage: words && expect.stringMatching(words) });
    expect(lines()).toEqual([`GET ${emailPath}/history`]);
  });

  it("calls a mail's fate unknown once it was asked for, whatever the history said", async () => {
    const { authority } = await serve((line) =>
      line.startsWith("GET") ? { status: 200, body: history } : { status: 500, body: "" },
    );
    const asked = authority.resendEmail({ ...request, mailId: null }, never);
    await expect(asked).rejects.toMatchObject({ kind: "outcome-unknown" });
  });
});
