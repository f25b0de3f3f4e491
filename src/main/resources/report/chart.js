"use strict";

/** What all pages with charts share. */
const page = (() => {
  const root = document.documentElement;
  const charts = [];
  const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const large = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const show = (v) => (v == null ? "–" : (Math.abs(v) >= 1000 ? large : number).format(v));
  const brief = (v) => (Math.abs(v) >= 1e6 ? show(v / 1e6) + " M" : show(v));
  const escape = (text) => echarts.format.encodeHTML(String(text));
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

  /** The frame of a chart: no legend of the library, one tooltip, a description for readers without sight. */
  function base(title, summary, right, tooltip) {
    return {
      backgroundColor: "transparent", animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 52, right, top: 12, bottom: 24, outerBoundsMode: "none" },
      aria: { enabled: true, label: { description: title + ". " + summary } },
      tooltip: {
        trigger: "axis", confine: true, transitionDuration: 0, padding: [6, 10], borderWidth: 1,
        backgroundColor: colour("paper"), borderColor: colour("soft"), textStyle: { color: colour("ink") },
        axisPointer: { type: "line", lineStyle: { color: colour("ink"), width: 1, type: "solid" } },
        ...tooltip,
      },
    };
  }

  /** A category axis, with a label below each place. */
  function categories(data, axisLabel) {
    return {
      type: "category", data, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("soft") } },
      axisLabel: { color: colour("soft"), fontSize: 11, ...axisLabel },
    };
  }

  function values(range, axisLabel) {
    return {
      ...range, axisLabel: { color: colour("soft"), fontSize: 11, hideOverlap: true, formatter: brief, ...axisLabel },
      splitLine: { lineStyle: { color: colour("line") } }, axisLine: { show: false }, axisTick: { show: false },
    };
  }

  /** Draws a chart now and whenever its size or the colours change; option gets its width. */
  function start(id, prepare, option) {
    const plot = document.getElementById("plot-" + id);
    const drawn = echarts.init(plot, null, { renderer: "svg" });
    prepare(plot, drawn);
    const draw = () => option(plot, drawn);
    draw();
    plot.addEventListener("blur", () => drawn.dispatchAction({ type: "hideTip" }));
    charts.push({ plot, drawn, draw });
    new ResizeObserver(() => {
      if (!root.classList.contains("print")) { drawn.resize(); draw(); }
    }).observe(plot);
  }

  function redraw(size) {
    charts.forEach(({ plot, drawn, draw }) => { drawn.resize(size(plot)); draw(); });
  }

  const onScreen = () => ({ width: "auto", height: "auto" });

  /** Arrow keys walk along a chart: calls walk with each key's name, which returns whether it is one. */
  function keys(plot, drawn, walk) {
    plot.tabIndex = 0;
    plot.addEventListener("keydown", (event) => {
      if (event.key === "Escape") drawn.dispatchAction({ type: "hideTip" });
      if (walk(event.key)) event.preventDefault();
    });
  }

  /** Follows the colours of the screen, and paper, which is light and 182 mm wide on any screen. */
  function follow(onPaper, beforePrint, afterPrint) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(onScreen));
    addEventListener("beforeprint", () => { root.classList.add("print"); beforePrint(); redraw(onPaper); });
    addEventListener("afterprint", () => { root.classList.remove("print"); afterPrint(); redraw(onScreen); });
  }

  root.classList.add("scripted");
  return {
    data: JSON.parse(document.getElementById("data").textContent), spoken: document.getElementById("spoken"),
    show, escape, colour, base, categories, values, start, keys, follow,
  };
})();
