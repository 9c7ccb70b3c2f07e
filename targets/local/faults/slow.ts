/** Preload: hands every request to the service late. */
import { interceptRequests } from "./intercept.ts";

const DELAY_MILLISECONDS = 400;

interceptRequests((response, proceed) => {
  setTimeout(() => {
    if (!response.destroyed) proceed();
  }, DELAY_MILLISECONDS);
});
