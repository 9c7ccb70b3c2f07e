/**
 * The page's script, as text: it runs in the browser, where neither modules nor types are at hand. It reads the element
 * `#evidence` and draws with uPlot. Every chart has the steps as upright lines and shares one cursor.
 */
export const CHARTS = String.raw`
(() => {
  const evidence = JSON.parse(document.getElementById("evidence").textContent);
  const { series, steps, from, to } = evidence;
  if (series.length < 2) return;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(Math.floor(seconds % 60)).padStart(2, "0");
  const times = series.map((point) => point.at / 1000);
  const of = (side, field) => series.map((point) => (point.sides[side] ? point.sides[side][field] : null));
  /** Percentiles of a second without requests don't exist, and a logarithm has no zero. */
  const positive = (values) => values.map((value) => (value > 0 ? value : null));
  const total = (point) => Object.values(point.weights).reduce((sum, weight) => sum + weight, 0) || 1;
  const weight = (side) => series.map((point) => (100 * (point.weights[side] || 0)) / total(point));

  const LABELS = { shift: (s) => s.id.replace("shift-", "").replace(/-.*/, "") + " %", workers: () => "workers",
    rollback: (s) => (s.id === "drill" ? "drill" : "back"), retire: () => "stop", deploy: () => "deploy" };
  const marks = steps
    .filter((step) => step.state !== "skipped" && (LABELS[step.kind] || step.state === "failed"))
    .map((step) => {
      const failed = step.state === "failed";
      const ended = step.startMilliseconds + step.milliseconds;
      return { at: (failed ? ended : step.startMilliseconds) / 1000, failed,
        label: failed ? "✗ " + (step.id.startsWith("gate") ? "gate" : step.kind) : LABELS[step.kind](step) };
    });

  /** Upright lines with labels in two rows above the plot; a label that would cover another one is left out. */
  function drawMarks(u) {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = 11 * ratio + "px system-ui, sans-serif";
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.lineWidth = ratio;
    const taken = [-Infinity, -Infinity];
    for (const { at, label, failed } of marks) {
      const x = Math.round(u.valToPos(at, "x", true));
      if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
      ctx.strokeStyle = ctx.fillStyle = css(failed ? "bad" : "quiet");
      ctx.globalAlpha = failed ? 1 : 0.55;
      ctx.setLineDash(failed ? [] : [2 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.globalAlpha = 1;
      const width = ctx.measureText(label).width;
      const left = Math.max(0, Math.min(x - width / 2, ctx.canvas.width - width));
      const row = taken.findIndex((end) => left > end + 5 * ratio);
      if (row < 0) continue;
      taken[row] = left + width;
      ctx.fillText(label, left, bbox.top - (9 + 14 * row) * ratio);
    }
    ctx.restore();
  }

  const figure = (unit, digits) => (u, value) => (value == null ? "–" : value.toFixed(digits) + unit);
  const line = (label, colour, dash, value, fill) => ({ label, stroke: () => css(colour), width: 2, dash, value,
    points: { show: false }, spanGaps: false, ...(fill ? { fill: () => css(colour) + "2b" } : {}) });
  const both = (field, value, change = (v) => v) => ({
    data: [times, change(of(from, field)), change(of(to, field))],
    series: [line(from, "old", undefined, value), line(to, "new", [7, 4], value)],
  });
  const kinds = {
    weights: { data: [times, weight(from), weight(to)], range: [0, 100],
      series: [line(from, "old", undefined, figure(" %", 0), true), line(to, "new", [7, 4], figure(" %", 0), true)] },
    requests: { ...both("requests", figure("", 0)), floor: 5 },
    errors: { ...both("errors", figure("", 0)), floor: 5 },
    p50: { ...both("p50", figure(" ms", 1), positive), log: true },
    p95: { ...both("p95", figure(" ms", 1), positive), log: true },
    p99: { ...both("p99", figure(" ms", 1), positive), log: true },
    stream: { data: [times, series.map((point) => point.streamUpdates)], floor: 5,
      series: [line("updates", "ink", undefined, figure("", 0))] },
  };
  const scaleOf = ({ range, log, floor }) =>
    range ? { range } : log ? { distr: 3 } : { range: (u, min, max) => [0, Math.max(floor, max * 1.08)] };

  /** Grid lines where a label can stand: nine to a decade are a hatching. */
  const decades = (u, splits) => splits.map((t) => (Math.log10(t) % 1 === 0 ? t : null));

  const now = document.getElementById("now");
  const stepAt = (seconds) => steps.findLast((step) => step.state !== "skipped" && step.startMilliseconds <= seconds * 1000);
  function say(u) {
    const at = u.cursor.idx == null ? null : times[u.cursor.idx];
    const step = at == null ? null : stepAt(at);
    now.textContent = at == null ? "\u00a0" : clock(at) + (step ? " · " + step.phase + " · " + step.title : "");
  }

  const sync = uPlot.sync("rehearsal");
  let plots = [];
  function draw() {
    for (const plot of plots) plot.destroy();
    plots = [...document.querySelectorAll("[data-chart]")].map((element) => {
      const kind = kinds[element.dataset.chart];
      const axis = { stroke: () => css("quiet"), grid: { stroke: () => css("rule"), width: 1 },
        ticks: { show: false }, font: "11px system-ui, sans-serif" };
      const options = {
        width: element.clientWidth, height: 210, padding: [36, 14, 0, 0],
        scales: { x: { time: false }, y: scaleOf(kind) },
        axes: [{ ...axis, size: 30, values: (u, ticks) => ticks.map(clock), space: 60, incrs: [1, 5, 10, 15, 30, 60, 120, 300, 600, 1800] },
          { ...axis, size: 46, ...(kind.log ? { grid: { ...axis.grid, filter: decades }, values: (u, ticks) => ticks.map((t) => (t == null ? "" : String(+t.toPrecision(3)))) } : {}) }],
        series: [{ label: "time", value: (u, value) => (value == null ? "–" : clock(value)) }, ...kind.series],
        cursor: { sync: { key: sync.key, setSeries: false }, y: false },
        hooks: { draw: [drawMarks], setCursor: [say] },
      };
      return new uPlot(options, kind.data, element);
    });
  }
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    for (const plot of plots) plot.setSize({ width: plot.root.parentElement.clientWidth, height: 210 });
  });
})();
`;
