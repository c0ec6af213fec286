import type { IncomingHttpHeaders } from "node:http";
import type { Person } from "@sealpost/api";
import type { OpenedStore, SessionRecord } from "@sealpost/db";
import {
  type Actor,
  type AdmissionProblem,
  admitFromProvider,
  auditDone,
  type Ctx,
  hasLasted,
  type PersonId,
  type Ports,
  type ProviderClaims,
  personActor,
  personIdSchema,
  RefusalError,
  type Role,
  refuse,
  refuseAdmission,
  type SessionId,
  traceRefusal,
} from "@sealpost/domain";
import { fromNodeHeaders } from "better-auth/node";
import { z } from "zod";
import { type Auth, isDueForRenewal, passwordLength } from "./auth.ts";
import type { Chooser, PasswordJudge } from "./password-judge.ts";
import type { SignInEvent } from "./sign-in-audit.ts";

export const newPersonInput = z.object({
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(passwordLength.min).max(passwordLength.max),
});
/** Somebody who has not signed in, and may do nothing. */
const nobody: Actor = {
  kind: "person",
  actorId: "nobody",
  name: "",
  rights: new Set(),
  scope: new Set(),
  signedInAt: null,
};

export const newPasswordInput = newPersonInput.pick({ password: true });

/** Whose request it is. */
export interface Visitor {
  readonly person: Person;
  readonly actor: Actor;
  readonly sessionId: SessionId;
}

/** Cookies that are remembered; more than people have browsers. */
const mostProven = 10_000;

/** Who may enter, over the auth library's own store. */
export class People {
  readonly #auth: Auth;
  readonly #ports: Ports;
  readonly #judge: PasswordJudge;
  readonly #sessionOf: OpenedStore["session"];
  readonly #providerName: string | null;
  /** Cookies whose signature the auth library has found good, and the token of the session in each. */
  readonly #proven = new Map<string, string>();

  constructor(
    auth: Auth,
    ports: Ports,
    judge: PasswordJudge,
    sessionOf: OpenedStore["session"],
    providerName: string | null,
  ) {
    this.#auth = auth;
    this.#ports = ports;
    this.#judge = judge;
    this.#sessionOf = sessionOf;
    this.#providerName = providerName;
  }

  async isEmpty(): Promise<boolean> {
    const { internalAdapter } = await this.#auth.$context;
    return (await internalAdapter.countTotalUsers()) === 0;
  }

  /** Makes a person with a password. Throws `invalid-input` when the address is taken, or the password easily guessed. */
  async create(input: z.infer<typeof newPersonInput>, role: Role, by: Actor): Promise<void> {
    const { internalAdapter, password } = await this.#auth.$context;
    const email = input.email.toLowerCase();
    if (await internalAdapter.findUserByEmail(email)) {
      throw refuse({ code: "invalid-input", field: "email", problem: "taken" });
    }
    await this.#refuseGuessable(input.password, { name: input.name, email });
    const hash = await password.hash(input.password);
    const user = await internalAdapter.createUser(
      { name: input.name, email, emailVerified: true, role },
      { method: "admin" },
    );
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: "credential",
      accountId: user.id,
      password: hash,
    });
    await this.#trace("person.create", user.id, user.name, by);
  }

  /** Whether somebody who proved who they are may come in. */
  async mayEnter(personId: string): Promise<boolean> {
    const person = await this.#ports.store.person(personIdSchema.parse(personId));
    return person !== null && person.state !== "disabled";
  }

  /** Whether somebody comes in here; whom the identity provider vouches for is let in, and no longer let in, there. */
  async signsInHere(personId: string): Promise<boolean> {
    const person = await this.#ports.store.person(personIdSchema.parse(personId));
    return person !== null && !person.isFromProvider;
  }

  /**
   * Lets somebody in for whom the identity provider vouches. Whose groups give no role any more loses their other
   * sessions too. Throws `not-admitted`, traced.
   */
  async admit(claims: ProviderClaims): Promise<PersonId> {
    try {
      return (await admitFromProvider(this.#asNobody(), claims)).personId;
    } catch (error) {
      const isOut = error instanceof RefusalError && error.refusal.code === "not-admitted";
      const known = isOut ? await this.#ports.store.personOfIdentity(claims) : null;
      if (known) await (await this.#auth.$context).internalAdapter.deleteUserSessions(known.personId);
      throw error;
    }
  }

  /** Traces a sign-in at the identity provider that came to nothing before anybody was known. */
  async traceNotAdmitted(problem: AdmissionProblem): Promise<void> {
    await refuseAdmission(this.#asNobody(), null, problem);
  }

  #asNobody(): Ctx {
    return { ...this.#ports, actor: nobody };
  }

  /** Sets a new password, from then on the only way in, and ends every session of that person. Throws `invalid-input` when it is easily guessed. */
  async setPassword(personId: string, password: string, by: Actor): Promise<void> {
    const { internalAdapter, password: hasher } = await this.#auth.$context;
    const user = await internalAdapter.findUserById(personId);
    if (user) await this.#refuseGuessable(password, user);
    const hash = await hasher.hash(password);
    const accounts = await internalAdapter.findAccounts(personId);
    for (const { id, providerId } of accounts)
      if (providerId !== "credential") await internalAdapter.deleteAccount(id);
    if (accounts.some(({ providerId }) => providerId === "credential"))
      await internalAdapter.updatePassword(personId, hash);
    else
      await internalAdapter.linkAccount({
        userId: personId,
        providerId: "credential",
        accountId: personId,
        password: hash,
      });
    await internalAdapter.deleteUserSessions(personId);
    await this.#trace("person.reset-password", personId, personId, by);
  }

  async #refuseGuessable(password: string, chooser: Chooser): Promise<void> {
    if (await this.#judge.isGuessable(password, chooser))
      throw refuse({ code: "invalid-input", field: "password", problem: "guessable" });
  }

  /**
   * Who a request's cookie belongs to; null for nobody. The auth library proves a cookie's signature and renews its
   * session; in between, the same cookie needs only the session's row, which says at once when it was ended.
   */
  async ofRequest(headers: IncomingHttpHeaders): Promise<Visitor | null> {
    const { cookie = "" } = headers;
    const known = this.#proven.get(cookie);
    const held = known === undefined ? null : this.#sessionOf(known);
    if (held && this.#mayStay(held) && !isDueForRenewal(held.expiresAt)) return this.#visitorOf(held);
    const proven = await this.#auth.api
      .getSession({ headers: fromNodeHeaders(headers) })
      .catch((error: unknown) => {
        // It could not be renewed, and holds for as long as it did before.
        if (held && this.#mayStay(held) && held.expiresAt > this.#ports.clock.now()) return "held" as const;
        throw error;
      });
    if (proven === "held") return held && this.#visitorOf(held);
    this.#proven.delete(cookie);
    if (!proven) return null;
    const { token } = proven.session;
    const session = this.#sessionOf(token);
    if (!session || !this.#mayStay(session)) {
      await (await this.#auth.$context).internalAdapter.deleteSession(token);
      return null;
    }
    if (this.#proven.size >= mostProven) this.#proven.clear();
    this.#proven.set(cookie, token);
    return this.#visitorOf(session);
  }

  #visitorOf({ person: found, provenAt, sessionId }: SessionRecord): Visitor {
    const { personId, name, email, role, scope, hasSecondFactor, hasPasskey, isFromProvider } = found;
    const actor = personActor({ personId, name, role, scope, signedInAt: provenAt });
    const provider = isFromProvider ? this.#providerName : null;
    return {
      person: { personId, name, email, role, hasSecondFactor, hasPasskey, provider },
      actor,
      sessionId,
    };
  }

  #mayStay({ person, signedInAt }: SessionRecord): boolean {
    const { isFromProvider, state } = person;
    return state !== "disabled" && !hasLasted({ signedInAt, isFromProvider }, this.#ports.clock.now());
  }

  /** What happened at the door, in a transaction of its own; refusals as far as their gate lets them. */
  async traceSignIn({ act, who, outcome, path }: SignInEvent): Promise<void> {
    const { internalAdapter } = await this.#auth.$context;
    const user =
      who === null
        ? null
        : "personId" in who
          ? await internalAdapter.findUserById(who.personId)
          : ((await internalAdapter.findUserByEmail(who.email.toLowerCase()))?.user ?? null);
    const subject = { kind: "person", id: user?.id ?? "nobody", label: user?.name ?? "" } as const;
    const actor = { ...nobody, actorId: subject.id, name: subject.label };
    const ctx: Ctx = { ...this.#ports, actor };
    const now = ctx.clock.now();
    const trace = { act, subject, details: { path } };
    if (outcome === "refused") await traceRefusal(ctx, now, trace, { code: "not-signed-in" });
    else await ctx.store.commit({ writes: [], audit: [auditDone(ctx, now, trace)] });
  }

  async #trace(act: "person.create" | "person.reset-password", id: string, label: string, by: Actor) {
    const ctx: Ctx = { ...this.#ports, actor: by };
    const entry = auditDone(ctx, ctx.clock.now(), { act, subject: { kind: "person", id, label } });
    await this.#ports.store.commit({ writes: [], audit: [entry] });
  }
}
