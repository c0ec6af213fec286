import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isIPv6, type Server } from "node:net";

export interface Listener extends AsyncDisposable {
  /** With a final slash. */
  readonly url: string;
  readonly port: number;
}

/** Answers one request. Where it throws, the connection is dropped. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether another port will do when this one is taken. */
  readonly isMovable: boolean;
}

/**
 * A web server on loopback that answers only to its own name: another name in the Host header means that some page
 * elsewhere tries to talk to this machine (DNS rebinding). No CORS.
 */
export async function listen(handler: Handler, address: Address): Promise<Listener> {
  const name = isIPv6(address.host) ? `[${address.host}]` : address.host;
  const server = createServer((request, response) => {
    const { port } = addressOf(server);
    if (![`${name}:${port}`, `localhost:${port}`].includes(request.headers.host ?? "")) {
      response.writeHead(421, { "content-type": "text/plain" }).end("This name is not served here.\n");
      return;
    }
    const url = URL.parse(request.url ?? "/", `http://${request.headers.host}`);
    if (url === null) return void response.writeHead(400).end();
    void (async () => await handler(request, response, url))().catch(() => response.destroy());
  });
  const port = await bind(address, (wanted) => server.listen(wanted, address.host));
  return {
    url: `http://${name}:${port}/`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Waits for a server to listen: on the port of last time if it is free, so that links keep working, else on any. */
export async function bind(address: Address, listenOn: (port: number) => Server): Promise<number> {
  const server = listenOn(address.port);
  try {
    await once(server, "listening");
  } catch (error) {
    if (!address.isMovable || address.port === 0) throw error;
    return await bind({ ...address, port: 0 }, listenOn);
  }
  return addressOf(server).port;
}

function addressOf(server: Server): { readonly port: number } {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server is not listening");
  return address;
}

export async function readBody(request: IncomingMessage, longestBytes = 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestBytes) throw new Error("the body is too long");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}
