import type { IncomingMessage } from "node:http";
import type { ChangeFeed, Topic } from "./change-feed.ts";
import { answer, eventsPath, type Route } from "./http.ts";
import type { People } from "./people.ts";

/** A page that hears of everything at once would ask more often than it can show. */
const gatherMs = 500;
/** Proxies end connections that are silent; and a session may have ended meanwhile. */
const heartbeatMs = 20_000;
const mostStreams = 500;
const mostStreamsOfPerson = 20;

/**
 * `GET /api/events`: a stream of server-sent events (WHATWG HTML section 9.2), each the JSON list of topics that have
 * changed. It carries no data, so it needs no rights beyond a session; it ends when the session does.
 */
export function eventsRoute(feed: ChangeFeed, people: Pick<People, "ofRequest">): Route {
  const streams = new Map<string, number>();
  return async ({ incoming, outgoing, path, signal, visitor, requestId }) => {
    if (path !== eventsPath || incoming.method !== "GET") return "unknown";
    if (!visitor) {
      answer(outgoing, 401, { code: "not-signed-in", requestId });
      return "answered";
    }
    if (signal.aborted) return "answered";
    const { personId } = visitor.person;
    const all = [...streams.values()].reduce((sum, count) => sum + count, 0);
    const own = streams.get(personId) ?? 0;
    if (all >= mostStreams || own >= mostStreamsOfPerson) {
      outgoing.setHeader("retry-after", 60);
      answer(outgoing, 429, { code: "too-many-streams", requestId });
      return "answered";
    }
    streams.set(personId, own + 1);
    outgoing.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
    outgoing.write("retry: 2000\n\n");
    const gathered = new Set<Topic>();
    let timer: NodeJS.Timeout | null = null;
    const flush = () => {
      timer = null;
      outgoing.write(`data: ${JSON.stringify([...gathered])}\n\n`);
      gathered.clear();
    };
    const stopListening = feed.listen((changed) => {
      for (const topic of changed) gathered.add(topic);
      timer ??= setTimeout(flush, gatherMs);
    });
    const heartbeat = setInterval(() => {
      // What was written so long ago and still lies here, nobody reads.
      if (outgoing.writableLength > 0) return void outgoing.destroy();
      void isSignedIn(incoming)
        .catch(() => false)
        .then((stays) => (stays ? outgoing.write(": here\n\n") : outgoing.end()));
    }, heartbeatMs);
    signal.addEventListener("abort", () => {
      const rest = (streams.get(personId) ?? 1) - 1;
      if (rest > 0) streams.set(personId, rest);
      else streams.delete(personId);
      stopListening();
      clearInterval(heartbeat);
      if (timer) clearTimeout(timer);
    });
    return "answered";
  };

  async function isSignedIn({ headers }: IncomingMessage): Promise<boolean> {
    return (await people.ofRequest(headers)) !== null;
  }
}
