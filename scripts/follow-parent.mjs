// Preloaded into every process of ours: npm does not pass SIGTERM on, and a killed parent tells nobody. A process whose
// parent has changed has lost it, and stops as if it had been told to; if it does not, it is made to. One that has nobody
// left to write to can go round for ever complaining of it.
const parent = process.ppid;
const graceMs = 5000;

const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
}, 250).unref();
