import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { SecretWatch } from "@sealpost/ca-simulator/secrets";
import { z } from "zod";

const requestSchema = z.object({ origin: z.string(), path: z.string() });
const bytes = z.instanceof(Uint8Array);
const messageSchema = z.object({
  // As it is: all that is said of one request is said of the same object.
  request: z.custom<z.infer<typeof requestSchema>>((value) => requestSchema.safeParse(value).success),
  chunk: z.union([bytes, z.string().transform((text) => Buffer.from(text))]).default(Buffer.alloc(0)),
  response: z.object({ headers: z.array(bytes) }).default({ headers: [] }),
});

interface Exchange {
  readonly sent: Uint8Array[];
  readonly received: Uint8Array[];
  readonly cookies: string[];
}

/** All that is asked of one port by `fetch`, and answered: the runtime tells of it (undici, DiagnosticsChannel). */
export class Overheard implements Disposable {
  readonly #port: string;
  readonly #exchanges = new Map<z.infer<typeof requestSchema>, Exchange>();
  readonly #stops: (() => void)[] = [];

  constructor(port: string) {
    this.#port = port;
    this.#on("undici:request:bodyChunkSent", ({ sent }, { chunk }) => sent.push(chunk));
    this.#on("undici:request:bodyChunkReceived", ({ received }, { chunk }) => received.push(chunk));
    this.#on("undici:request:headers", ({ cookies }, { response: { headers } }) => {
      const texts = headers.map((header) => Buffer.from(header).toString("latin1"));
      cookies.push(...texts.filter((_, at) => texts[at - 1]?.toLowerCase() === "set-cookie"));
    });
  }

  /** Hands everything on. */
  tell(watch: SecretWatch): void {
    for (const [{ path }, { sent, received, cookies }] of this.#exchanges) {
      watch.sent(Buffer.concat(sent));
      watch.answered(path.split("?")[0] ?? "", Buffer.concat(received), cookies);
    }
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
  }

  #on(channel: string, note: (exchange: Exchange, message: z.infer<typeof messageSchema>) => void): void {
    const hear = (said: unknown) => {
      const message = messageSchema.safeParse(said);
      if (!message.success || new URL(message.data.request.origin).port !== this.#port) return;
      const { request } = message.data;
      const exchange = this.#exchanges.get(request) ?? { sent: [], received: [], cookies: [] };
      this.#exchanges.set(request, exchange);
      note(exchange, message.data);
    };
    subscribe(channel, hear);
    this.#stops.push(() => unsubscribe(channel, hear));
  }
}
