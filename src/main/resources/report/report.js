(() => {
  const { data, spoken, show, escape, colour } = page;

  /** How a series is drawn: never by colour alone. */
  function look(series, index, shape) {
    const hue = { bad: "bad", typical: "s1", tail: "s2", extreme: "soft", baseline: "soft", trend: "ink" }[series.role];
    const dash = { extreme: [2, 3], typical: [5, 3], baseline: [6, 4] }[series.role];
    const byTurn = [null, [6, 3], [2, 3], [8, 3, 2, 3]][index % 4];
    return {
      color: colour(hue || "s" + ((index % 6) + 1)),
      dash: dash || (series.role === "plain" && shape === "line" ? byTurn : null) || "solid",
      width: ["extreme", "typical", "trend"].includes(series.role) ? 1.25 : 1.75,
    };
  }

  /** The library stacks along category axes only; here each series carries those below it. */
  function below(chart, index, i) {
    const under = chart.shape === "stack" ? chart.series.slice(0, index) : [];
    return under.reduce((sum, s) => sum + (s.values[i] || 0), 0);
  }

  function area(chart, style) {
    if (chart.shape === "line") return undefined;
    // Stacked areas cover those behind them, so they are opaque: half hue, half paper.
    return chart.shape === "area" ? { color: style.color, opacity: 0.12 } : { color: halfway(style.color), opacity: 1 };
  }

  function halfway(hue) {
    const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const paper = parts(colour("paper"));
    return "rgb(" + parts(hue).map((v, i) => Math.round(v * 0.4 + paper[i] * 0.6)).join(",") + ")";
  }

  function line(series, index, chart) {
    const style = look(series, index, chart.shape);
    return {
      type: "line", name: series.name,
      data: series.x.map((x, i) => {
        const own = series.values[i];
        return [x, own == null ? null : own + below(chart, index, i), own];
      }),
      color: style.color, z: chart.shape === "stack" ? 3 - index / 100 : 3, symbol: "circle", symbolSize: 5,
      // A baseline is known at a few points only: they are marked, and the line between them is a guess.
      showSymbol: series.x.length === 1 || series.role === "baseline", showAllSymbol: true,
      sampling: series.role === "baseline" ? undefined : "lttb", connectNulls: series.role === "baseline", animation: false, emphasis: { disabled: true },
      lineStyle: { color: style.color, width: style.width, type: style.dash },
      areaStyle: area(chart, style),
    };
  }

  /** True while a fault has a part away: "hold during broadcast kill". */
  function isFault(phase) {
    return phase.name.startsWith("hold during ");
  }

  /** Names of phases that fit over their phase, and no others. */
  function phaseLabel(phase, span, width) {
    const room = ((phase.end - phase.start) / span) * width;
    const text = phase.cut ? phase.name + ", cut" : phase.name;
    return [text, phase.cut ? "cut" : isFault(phase) ? "fault" : ""].find((t) => t.length * 7 <= room) || "";
  }

  function shade(phases, cut, span, width) {
    return {
      type: "line", data: [], silent: true, animation: false, tooltip: { show: false },
      markArea: {
        silent: true, animation: false, z: cut ? 6 : 0,
        label: { position: "insideTop", distance: 4, color: colour("soft"), fontSize: 11 },
        data: phases.filter((p) => p.cut === cut && p.end > p.start).map((p) => [
          { xAxis: p.start, name: phaseLabel(p, span, width),
            itemStyle: { color: cut ? colour("veil") : isFault(p) ? colour("bad") : p.name.startsWith("hold") ? colour("shade") : "transparent",
              opacity: !cut && isFault(p) ? 0.14 : 1,
              borderColor: colour("line"), borderWidth: 0 } },
          { xAxis: p.end },
        ]),
      },
      markLine: {
        silent: true, animation: false, symbol: "none", label: { show: false }, z: 2,
        lineStyle: { color: colour("soft"), type: cut ? "solid" : [2, 3], width: 1, opacity: cut ? 1 : 0.45 },
        data: phases.filter((p) => p.cut === cut && p.end < span).map((p) => ({ xAxis: p.end })),
      },
    };
  }

  /** True if an event continues the same one of the second before, as of a process that is away. */
  const goesOn = (before, e) => before.name === e.name && before.start < e.start && e.start - before.end < 0.5;

  /** Seconds that were not good as bands; what else stands out as lines. */
  function happened() {
    return {
      type: "line", data: [], silent: true, animation: false, tooltip: { show: false },
      markArea: {
        silent: true, animation: false, z: 1, itemStyle: { color: colour("bad"), opacity: 0.22 },
        data: data.events.filter((e) => e.cut).map((e) => [{ xAxis: e.start }, { xAxis: e.end }]),
      },
      markLine: {
        silent: true, animation: false, symbol: "none", label: { show: false }, z: 2,
        lineStyle: { color: colour("bad"), width: 1, type: [2, 2], opacity: 0.7 },
        data: data.events.filter((e) => !e.cut && !data.events.some((o) => goesOn(o, e))).map((e) => ({ xAxis: e.end })),
      },
    };
  }

  function levels(marks, axis = "yAxis") {
    return {
      type: "line", data: [], silent: true, animation: false, tooltip: { show: false },
      markLine: {
        silent: true, animation: false, symbol: "none", z: 4,
        lineStyle: { color: colour("ink"), width: 1, type: [1, 3] },
        label: { position: axis === "yAxis" ? "insideEndTop" : "insideEndBottom", color: colour("ink"), fontSize: 11,
          textBorderColor: colour("paper"), textBorderWidth: 2, distance: [0, 3],
          formatter: (p) => p.name },
        data: marks.map((m) => ({ [axis]: m.value, name: m.name + " " + (m.name.match(/core/) ? "" : show(m.value)) })),
      },
    };
  }

  // Not Math.max(...values): a soak of many hours has more samples than a call may have arguments.
  const most = (values) => values.reduce((a, b) => Math.max(a, b), 0);
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);

  function reach(chart) {
    const all = chart.series.flatMap((s) => s.values.filter((v) => v != null));
    const sums = chart.series[0].x.map((_, i) => below(chart, chart.series.length, i));
    return { low: least(all.filter((v) => v > 0)), top: most(chart.shape === "stack" ? sums : all) };
  }

  /** Levels far above the data would press it flat; the table of checks names them anyway. */
  const near = (chart, top) => chart.marks.filter((m) => m.value <= top * 4 || chart.id === "cpu" && m.value <= top * 8);

  /** At most five round steps that end somewhat above the highest thing, so that labels have air. */
  function steps(highest) {
    const wanted = (highest || 1) * 1.2;
    const unit = Math.pow(10, Math.floor(Math.log10(wanted)) - 1);
    const interval = [1, 2, 2.5, 5, 10, 20, 25].map((f) => f * unit).find((step) => wanted / step <= 5);
    return { min: 0, max: interval * Math.ceil(wanted / interval), interval };
  }

  function decades(low, highest) {
    return { min: Math.pow(10, Math.floor(Math.log10(low))), max: Math.pow(10, Math.ceil(Math.log10(highest * 1.3))) };
  }

  function valueAxis(chart, marks) {
    const { low, top } = reach(chart);
    const highest = Math.max(top, ...marks.map((m) => m.value));
    const log = chart.unit === "ms" && top / low > 100;
    return page.values(
      { type: log ? "log" : "value", ...(log ? decades(low, highest) : steps(highest)) }, { showMaxLabel: true });
  }

  /** Where a baseline or a trend has no point there is nothing to miss. */
  const known = (series, value) => value != null || !["baseline", "trend"].includes(series.role);

  function tooltip(chart, head) {
    return {
      formatter(points) {
        const rows = points.filter((p) => p.seriesName && p.value && known(chart.series[p.seriesIndex], p.value[2])).map((p) =>
          "<tr><th>" + p.marker + escape(p.seriesName) + "</th><td>" + show(p.value[2]) + " " + escape(chart.unit) + "</td></tr>");
        return '<div class="tip">' + escape(head(points[0].value[0])) + "<table>" + rows.join("") + "</table></div>";
      },
    };
  }

  const second = (t) => {
    const phase = data.phases.find((p) => t > p.start && t <= p.end);
    const events = data.events.filter((e) => t > e.start && t <= e.end + 0.2).map((e) => "; " + e.name);
    return show(t) + " s" + (phase ? ", " + phase.name : "") + events.join("");
  };
  const percentile = (x) => {
    const p = 100 * (1 - Math.pow(10, -x));
    return p.toFixed(Math.max(0, Math.ceil(x) - 1)) + " % of samples within";
  };

  const load = (at) => show(at) + " " + data.stageAxis;

  function axis(extra) {
    return { type: "value", axisLine: { lineStyle: { color: colour("soft") } }, splitLine: { show: false },
      ...extra, axisLabel: { color: colour("soft"), fontSize: 11, hideOverlap: true, ...extra.axisLabel } };
  }

  function base(chart, head, right = 8) {
    return { ...page.base(chart.title, chart.summary, right, tooltip(chart, head)), legend: { show: false } };
  }

  function overTime(chart, width) {
    const last = chart.series[0].x[chart.series[0].x.length - 1];
    const span = Math.max(last, ...data.phases.map((p) => p.end));
    const marks = near(chart, reach(chart).top);
    return {
      ...base(chart, second),
      xAxis: axis({ min: 0, max: span, splitNumber: width < 420 ? 4 : 8,
        axisLabel: { formatter: (v) => show(v) + (v === 0 ? " s" : ""), showMaxLabel: false } }),
      yAxis: valueAxis(chart, marks),
      series: [...chart.series.map((s, i) => line(s, i, chart)), shade(data.phases, false, span, width - 60),
        shade(data.phases, true, span, width - 60), happened(), levels(marks)],
    };
  }

  function byPercentile(chart) {
    const end = Math.max(2, ...chart.series.flatMap((s) => s.x));
    const ticks = [Math.log10(2)];
    for (let nines = 1; nines <= end; nines++) ticks.push(nines);
    const marks = near(chart, reach(chart).top);
    const label = (x) => (x < 1 ? "50 %" : (100 * (1 - Math.pow(10, -x))).toFixed(Math.max(0, x - 2)) + " %");
    return {
      ...base(chart, percentile),
      xAxis: axis({ min: 0, max: end, axisTick: { customValues: ticks },
        axisLabel: { customValues: ticks, formatter: label } }),
      yAxis: valueAxis(chart, marks),
      series: [...chart.series.map((s, i) => line(s, i, chart)), levels(marks)],
    };
  }

  /** One point a step, over the load that grows from one to the next. */
  function byLoad(chart) {
    const places = chart.series[0].x;
    const log = most(places) / least(places) > 20;
    return {
      ...base(chart, load, 20),
      xAxis: axis({ type: log ? "log" : "value", min: log ? least(places) : 0, max: most(places) * (log ? 1.15 : 1.05),
        axisTick: { customValues: places }, axisLabel: { customValues: places, formatter: show } }),
      yAxis: valueAxis(chart, []),
      series: [...chart.series.map((s, i) => ({ ...line(s, i, chart), showSymbol: true })), levels(chart.marks, "xAxis")],
    };
  }

  function legend(plot, chart, drawn) {
    const box = plot.previousElementSibling;
    if (chart.series.length < 2) return;
    chart.series.forEach((series, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.innerHTML = '<svg aria-hidden="true"><line x1="0" y1="5" x2="20" y2="5"/></svg><span></span>';
      button.lastChild.textContent = series.name;
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        drawn.dispatchAction({ type: "legendToggleSelect", name: series.name });
      });
      box.append(button);
    });
  }

  function paintLegend(plot, chart) {
    plot.previousElementSibling.querySelectorAll("line").forEach((mark, index) => {
      const style = look(chart.series[index], index, chart.shape);
      mark.setAttribute("stroke", chart.shape === "stack" ? halfway(style.color) : style.color);
      mark.setAttribute("stroke-width", chart.shape === "stack" ? 8 : style.width + 0.5);
      mark.setAttribute("stroke-dasharray", style.dash === "solid" ? "" : style.dash.join(" "));
    });
  }

  /** Arrow keys walk along the samples; a live region repeats the tooltip for screen readers. */
  function keys(plot, chart, drawn, head) {
    let at = -1;
    page.keys(plot, drawn, (key) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[key];
      if (!step) return false;
      at = Math.min(chart.series[0].x.length - 1, Math.max(0, at + step));
      const shown = chart.series.findIndex((s) => s.values[at] != null);
      if (shown >= 0) drawn.dispatchAction({ type: "showTip", seriesIndex: shown, dataIndex: at });
      spoken.textContent = head(chart.series[0].x[at]) + ": " +
        chart.series.filter((s) => known(s, s.values[at])).map((s) => s.name + " " + show(s.values[at]) + " " + chart.unit).join(", ");
      return true;
    });
  }

  function start(chart, option, head, group) {
    page.start(
      chart.id,
      (plot, drawn) => {
        drawn.group = group;
        legend(plot, chart, drawn);
        keys(plot, chart, drawn, head);
      },
      (plot, drawn) => {
        const selected = {};
        plot.previousElementSibling.querySelectorAll("button").forEach((b) => {
          selected[b.textContent] = b.getAttribute("aria-pressed") === "true";
        });
        const made = option(chart, drawn.getWidth());
        drawn.setOption({ ...made, legend: { show: false, selected } }, true);
        paintLegend(plot, chart);
      });
  }

  // Two columns of charts with a gutter.
  const alone = (plot) => plot.closest("figure").matches(".charts:not(.three) > :first-child:nth-last-child(odd)");
  const onPaper = (plot) => ({ width: alone(plot) ? 680 : 330, height: 165 });

  data.stageCharts.forEach((chart) => start(chart, byLoad, load, "stages"));
  data.timeCharts.forEach((chart) => start(chart, overTime, second, "time"));
  data.distributions.forEach((chart) => start(chart, byPercentile, percentile, "distribution"));
  echarts.connect("time");
  // A link leads into what it names, folded or not.
  const unfold = () => document.querySelector(location.hash + " > details")?.setAttribute("open", "");
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
  // Paper cannot unfold: everything is printed open.
  const folded = [];
  page.follow(
    onPaper,
    () => {
      folded.push(...document.querySelectorAll("details:not([open])"));
      folded.forEach((details) => { details.open = true; });
    },
    () => folded.splice(0).forEach((details) => { details.open = false; }));
})();
