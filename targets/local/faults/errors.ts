/** Preload: answers every twentieth request with a 500, so that a run has the same errors every time. */
import { interceptRequests } from "./intercept.ts";

const EVERY = 20;
let requests = 0;

interceptRequests((response, proceed) => {
  requests += 1;
  if (requests % EVERY !== 0) {
    proceed();
    return;
  }
  const problem = { type: "about:blank", title: "Internal Server Error", status: 500, detail: "fault errors" };
  response.writeHead(500, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
});
