import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A connection on which exactly these bytes are said. */
export async function connectTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname === "localhost" ? "127.0.0.1" : hostname, port: Number(port) });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Until the other side has ended the connection, in whatever way: one that is torn has ended too. */
export function untilClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once("close", () => resolve()));
}

/** Says the bytes and reads until the other side ends the connection. `answers`: how many came, for smuggling. */
export async function sayRaw(
  url: string,
  bytes: string,
): Promise<{ readonly answers: readonly RawAnswer[]; readonly text: string }> {
  const socket = await connectTo(url);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  socket.write(bytes);
  await untilClosed(socket);
  return { answers: answersIn(text), text };
}

function answersIn(text: string): RawAnswer[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part.startsWith("HTTP/1.1"))
    .map((part) => {
      const [head = "", ...rest] = part.split("\r\n\r\n");
      const [first = "", ...lines] = head.split("\r\n");
      const headers = new Headers();
      for (const line of lines) {
        const colon = line.indexOf(":");
        headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
      }
      return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
    });
}
