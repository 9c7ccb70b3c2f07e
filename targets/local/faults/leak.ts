/** Preload: every request leaves memory behind, touched, so that it counts as resident. */
import { interceptRequests } from "./intercept.ts";

/** Little enough to be written in no time: what shows is the memory, and not that it costs time to take it. */
const BYTES = 3 * 2 ** 20;
const kept: Buffer[] = [];

interceptRequests((_response, proceed) => {
  kept.push(Buffer.alloc(BYTES, 1));
  proceed();
});
