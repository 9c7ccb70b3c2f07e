/** The whole page: what it keeps, who tells whom, and when it is drawn. */
import { render } from "lit-html";
import { accountPage } from "./account/page.ts";
import { createAlertsController } from "./alerts/controller.ts";
import { sentence } from "./alerts/history.ts";
import { alertsPage } from "./alerts/page.ts";
import { createChartController } from "./chart/controller.ts";
import { chartPage } from "./chart/page.ts";
import { type SiteConfig, streamAddress } from "./config.ts";
import { createClient } from "./http/client.ts";
import { type Post, withPost } from "./posts/feed.ts";
import { postsPage } from "./posts/page.ts";
import { createPreferencesController } from "./preferences/controller.ts";
import { createMarket } from "./prices/market.ts";
import { pricesPage } from "./prices/page.ts";
import { layout } from "./shell/layout.ts";
import type { Page } from "./shell/page.ts";
import { createAnnouncer } from "./state/announcer.ts";
import {
  aloneAmongTabs,
  onSchemeChange,
  onSignedOutElsewhere,
  sessionHint,
  setTheme,
  themeNow,
} from "./state/browser.ts";
import { pathTo, type Route, routeOf } from "./state/paths.ts";
import { createSession } from "./state/session.ts";
import { createStream } from "./stream/client.ts";
import { describe } from "./stream/connection.ts";
import type { Frame } from "./stream/frames.ts";
import { browserSocket } from "./stream/socket.ts";
import { systemPage } from "./system/page.ts";

const FIRST_PRODUCT = "BTC-USD";
/** Ages on screen grow by themselves. */
const TICK_MS = 5_000;

export function startApp(root: HTMLElement, config: SiteConfig): void {
  const now = (): number => Date.now();
  const ask: typeof fetch = (...request) => fetch(...request);
  let route: Route = routeOf(location.hash);
  let posts: readonly Post[] = [];
  /** What the screen shows while its reader wants it to stand still. */
  let held: { readonly board: typeof market.board; readonly posts: readonly Post[] } | undefined;
  let isDue = false;

  const announcer = createAnnouncer(changed, (work, milliseconds) => void setTimeout(work, milliseconds));
  const session = createSession({
    auth: createClient({ base: config.auth, fetch: ask }),
    member: createClient({ base: config.auth, fetch: ask, token: () => session.token }),
    hint: sessionHint,
    alone: aloneAmongTabs,
    told: ({ is }) => {
      if (is === "out") for (const kept of [alerts, preferences]) kept.forget();
      if (is === "in" && alerts.rules.value === undefined) loadOwn();
      changed();
    },
    onToken: (token) => stream.wish({ token }),
  });
  const api = createClient({
    base: config.api,
    fetch: ask,
    token: () => session.token,
    renew: () => session.renew(),
  });
  const market = createMarket({
    api,
    told: changed,
    now,
    onCoins: (products, symbols) => stream.wish({ products, symbols }),
  });
  const chart = createChartController(api, changed);
  const alerts = createAlertsController(api, changed);
  const preferences = createPreferencesController(api, changed);
  const stream = createStream({
    connect: browserSocket(streamAddress(config.stream, location)),
    onFrame: take,
    onConnection: (connection) => {
      announcer.say(`${describe(connection)}.`);
      changed();
    },
  });

  const board = () => held?.board ?? market.board;
  const coins = () => market.board.coins;
  const account = accountPage({ session, preferences, page: () => route.page, told: changed });
  const chartOf = chartPage({ chart, coins, onProduct: (product) => location.assign(pathTo("chart", product)) });
  const pages: Readonly<Record<Route["page"], Page>> = {
    prices: pricesPage({ board, loading: () => market.loading, now, again: () => void market.load() }),
    chart: chartOf,
    posts: postsPage({ posts: () => held?.posts ?? posts, now, told: changed }),
    alerts: alertsPage({ alerts, session: () => session.state, coins, now, told: changed }),
    system: systemPage({ fetch: ask, now, told: changed }),
    account,
    "sign-up": account,
  };

  function take(frame: Frame): void {
    market.take(frame);
    if (frame.type === "price" && !held) chart.take(frame);
    if (frame.type === "sentiment") posts = withPost(posts, frame);
    if (frame.type === "alert") {
      alerts.take(frame);
      announcer.say(`Alert: ${sentence(frame)}.`);
    }
    // What was missed can't be heard any more, but it can be looked up.
    if (frame.type === "gap") void (frame.channel === "alerts" ? alerts.load() : market.load());
    if (frame.type === "error" && ["token-expired", "token-invalid"].includes(frame.code)) void session.renew();
    changed();
  }

  function loadOwn(): void {
    void alerts.load();
    void preferences.load();
  }

  function goTo(hash: string): void {
    const before = route;
    route = routeOf(hash);
    if (route.page !== before.page) pages[before.page].leave?.();
    enter();
    if (route.page === before.page) return;
    draw();
    // As a new document would: at the top, and read from its beginning.
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }

  function enter(): void {
    if (route.page === "chart") chart.pick(route.product ?? chart.product ?? FIRST_PRODUCT, chart.interval);
    pages[route.page].enter?.();
    changed();
  }

  /** However much changes at once, it is drawn once a frame. */
  function changed(): void {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  }

  function draw(): void {
    isDue = false;
    const page = pages[route.page];
    document.title = `${page.title()} · CryptoTracker`;
    const { connection } = stream;
    const parts = { route, connection, title: page.title(), session: session.state, content: page.view() };
    const shown = { theme: themeNow(), isPaused: held !== undefined, announcement: announcer.text };
    render(layout({ ...parts, ...shown, onTheme, onPause }), root);
  }

  function onTheme(theme: ReturnType<typeof themeNow>): void {
    setTheme(theme);
    chartOf.paint();
    changed();
  }

  function onPause(): void {
    held = held ? undefined : { board: market.board, posts };
    changed();
  }

  addEventListener("hashchange", () => goTo(location.hash));
  addEventListener("online", () => stream.network(true));
  addEventListener("offline", () => stream.network(false));
  onSchemeChange(() => chartOf.paint());
  onSignedOutElsewhere(() => session.forget());
  setInterval(changed, TICK_MS);
  stream.start();
  void session.start();
  void market.load();
  enter();
}
