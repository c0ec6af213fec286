import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";

export interface Listener extends AsyncDisposable {
  /** With a final slash. */
  readonly url: string;
  readonly port: number;
}

/**
 * A web server on loopback that answers only to its own name: another name in the Host header means that some page
 * elsewhere tries to talk to this machine (DNS rebinding). No CORS.
 */
export async function listen(
  handler: RequestListener,
  options: { host: string; port: number },
): Promise<Listener> {
  const server = createServer((request, response) => {
    const { port } = addressOf(server);
    const own = [`${options.host}:${port}`, `localhost:${port}`];
    if (!own.includes(request.headers.host ?? "")) {
      response.writeHead(421, { "content-type": "text/plain" }).end("This name is not served here.\n");
      return;
    }
    handler(request, response);
  });
  await bind(server, options);
  const { port } = addressOf(server);
  return {
    url: `http://${options.host}:${port}/`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The port of last time if it is free, so that links keep working, else any. */
async function bind(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    if (port === 0) throw error;
    server.listen(0, host);
    await once(server, "listening");
  }
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
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}
