// Brought into every thread that runs for months; plain JavaScript, or what strips types would stay there with it. V8
// alone looks through old objects when they have doubled, which takes hours where little happens, and keeps the room
// they had. Till then keys stay that were handed out long ago, and what OpenSSL holds behind an object. `gc` is there
// with --expose-gc; it takes some hundredths of a second.

const everyMs = 60_000;

setInterval(
  () => globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" }),
  everyMs,
).unref();
