import { fromNodeHeaders } from "better-auth/node";
import type { ChangeFeed, Topic } from "./change-feed.ts";
import { answer, type Route } from "./http.ts";
import type { People } from "./people.ts";

/** A page that hears of everything at once would ask more often than it can show. */
const gatherMs = 500;
/** Proxies end connections that are silent; and a session may have ended meanwhile. */
const heartbeatMs = 20_000;
const mostStreams = 500;

/**
 * `GET /api/events`: a stream of server-sent events (WHATWG HTML section 9.2), each the JSON list of topics that have
 * changed. It carries no data, so it needs no rights beyond a session; it ends when the session does.
 */
export function eventsRoute(feed: ChangeFeed, people: Pick<People, "ofRequest">): Route {
  let streams = 0;
  return async ({ incoming, outgoing, path, signal }) => {
    if (path !== "/api/events" || incoming.method !== "GET") return "unknown";
    const headers = fromNodeHeaders(incoming.headers);
    const isSignedIn = async () => (await people.ofRequest(headers)) !== null;
    if (!(await isSignedIn())) {
      answer(outgoing, 401, { code: "not-signed-in" });
      return "answered";
    }
    if (streams >= mostStreams) {
      answer(outgoing, 503, { code: "too-many-streams" });
      return "answered";
    }
    streams += 1;
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
      void isSignedIn()
        .catch(() => false)
        .then((stays) => (stays ? outgoing.write(": here\n\n") : outgoing.end()));
    }, heartbeatMs);
    signal.addEventListener("abort", () => {
      streams -= 1;
      stopListening();
      clearInterval(heartbeat);
      if (timer) clearTimeout(timer);
    });
    return "answered";
  };
}
