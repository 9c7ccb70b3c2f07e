/**
 * Preload: late from so many requests a second on. A tenth or half of a rehearsal's load stays below that in each of two
 * replicas, and all of it does not: what is too small shows only once it carries everything.
 */
import { interceptRequests } from "./intercept.ts";

const REQUESTS_PER_SECOND = 50;
const DELAY_MILLISECONDS = 400;
/** Long enough to even out arrivals, short enough to show within a bake time. */
const WINDOW_MILLISECONDS = 2000;
const arrivals: number[] = [];

interceptRequests((response, proceed) => {
  const now = performance.now();
  arrivals.push(now);
  while ((arrivals[0] ?? now) < now - WINDOW_MILLISECONDS) arrivals.shift();
  if (arrivals.length <= (REQUESTS_PER_SECOND * WINDOW_MILLISECONDS) / 1000) {
    proceed();
    return;
  }
  setTimeout(() => {
    if (!response.destroyed) proceed();
  }, DELAY_MILLISECONDS);
});
