/**
 * Loaded into the process of a function (`node --import`), as plain JavaScript so that Node loads no compiler. On SIGUSR2 it
 * prints what the process uses. CPU is in ms, of all threads; memory is in bytes. With `--expose-gc`, `heap` is counted
 * after a garbage collection.
 */
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const peakRss = process.resourceUsage().maxRSS * 1024;
  const usage = { event: 'usage', cpu: (user + system) / 1000, rss, peakRss, heap: heapUsed + external };
  process.stdout.write(`${JSON.stringify(usage)}\n`);
});
