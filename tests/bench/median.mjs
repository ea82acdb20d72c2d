// The time that something takes.

import { performance } from "node:perf_hooks";

/** The median of some runs, in milliseconds. */
export function median(work, runs) {
  const times = [];
  for (let n = 0; n < runs; n += 1) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1];
}
