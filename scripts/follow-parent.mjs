// Preloaded into every process of ours: npm does not pass SIGTERM on, and a killed parent tells nobody. A process whose
// parent has changed has lost it, and stops as if it had been told to.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 250).unref();
