import type { Person } from "@sealpost/api";
import {
  type Actor,
  auditDone,
  type Ctx,
  type Ports,
  personActor,
  personIdSchema,
  type Role,
  refuse,
  traceRefusal,
} from "@sealpost/domain";
import { z } from "zod";
import { type Auth, longestSessionS, passwordLength } from "./auth.ts";
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
}

/** Who may enter, over the auth library's own store. */
export class People {
  readonly #auth: Auth;
  readonly #ports: Ports;

  constructor(auth: Auth, ports: Ports) {
    this.#auth = auth;
    this.#ports = ports;
  }

  async isEmpty(): Promise<boolean> {
    const { internalAdapter } = await this.#auth.$context;
    return (await internalAdapter.countTotalUsers()) === 0;
  }

  /** Makes a person with a password. Throws `invalid-input` when the address is taken. */
  async create(input: z.infer<typeof newPersonInput>, role: Role, by: Actor): Promise<void> {
    const { internalAdapter, password } = await this.#auth.$context;
    const email = input.email.toLowerCase();
    if (await internalAdapter.findUserByEmail(email)) {
      throw refuse({ code: "invalid-input", field: "email", problem: "taken" });
    }
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

  /** Sets a new password and ends every session of that person. */
  async setPassword(personId: string, password: string, by: Actor): Promise<void> {
    const { internalAdapter, password: hasher } = await this.#auth.$context;
    const hash = await hasher.hash(password);
    const accounts = await internalAdapter.findAccounts(personId);
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

  async findByEmail(email: string): Promise<{ readonly personId: string; readonly name: string } | null> {
    const { internalAdapter } = await this.#auth.$context;
    const found = await internalAdapter.findUserByEmail(email.toLowerCase());
    return found ? { personId: found.user.id, name: found.user.name } : null;
  }

  /** Who a request's cookie belongs to; null for nobody. */
  async ofRequest(headers: Headers): Promise<Visitor | null> {
    const session = await this.#auth.api.getSession({ headers });
    if (!session) return null;
    const { createdAt: signedInAt, token } = session.session;
    const ageS = (this.#ports.clock.now().getTime() - signedInAt.getTime()) / 1000;
    const found = await this.#ports.store.person(personIdSchema.parse(session.user.id));
    if (found === null || found.state === "disabled" || ageS > longestSessionS) {
      await (await this.#auth.$context).internalAdapter.deleteSession(token);
      return null;
    }
    const { personId, name, email, role, scope, hasSecondFactor } = found;
    const actor = personActor({ personId, name, role, scope, signedInAt });
    return { person: { personId, name, email, role, hasSecondFactor }, actor };
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
