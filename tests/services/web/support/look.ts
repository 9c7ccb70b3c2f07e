/** For people: `node tests/services/web/support/look.ts` builds the site and serves it with a market that moves. */
import { liven } from "./market.ts";
import { startMock, USER } from "./mock.ts";
import { buildSite } from "./site.ts";

const site = await buildSite();
const mock = await startMock(site.folder, { port: Number(process.env["PORT"] ?? 8090) });
const ending = new AbortController();
process.once("SIGINT", () => ending.abort());
process.once("SIGTERM", () => ending.abort());
console.log(`${mock.url}  (${USER.email}, ${USER.password})`);
await liven(mock.stream, ending.signal);
await mock.close();
await site.remove();
