(() => {
  const { data: sections, spoken, show, escape, colour } = page;
  const SHAPES = { PASS: "circle", WARN: "triangle", INCONCLUSIVE: "diamond", FAIL: "rect" };
  const CROWDED = 60;

  /** A verdict has a shape as well as a colour; a run that is not compared is hollow. */
  function point(label, value, size) {
    const hue = colour(label.verdict.toLowerCase());
    return {
      value, symbol: SHAPES[label.verdict] || "circle", symbolSize: label.verdict === "FAIL" ? size - 1 : size + 1,
      itemStyle: label.other ? { color: colour("paper"), borderColor: hue, borderWidth: 1.5 }
        : { color: hue, borderColor: colour("paper"), borderWidth: 1 },
    };
  }

  function series(section, chart, compared) {
    const size = section.labels.length > CROWDED ? 5 : 9;
    return {
      type: "line", animation: false, showAllSymbol: true, connectNulls: true, clip: false, z: compared ? 3 : 4,
      emphasis: { disabled: true }, color: colour("soft"),
      lineStyle: { color: colour("soft"), width: compared ? 1.25 : 0, opacity: compared ? 1 : 0 },
      data: section.labels.map((label, i) =>
        (label.other === "") === compared ? point(label, chart.values[i], size) : { value: null }),
      markLine: !compared || chart.median == null ? undefined : {
        silent: true, animation: false, symbol: "none",
        lineStyle: { color: colour("s1"), width: 1, type: [5, 4] },
        label: { show: false },
        data: [{ yAxis: chart.median }],
      },
    };
  }

  /** Round steps around what there is; a small change of a large figure stays small. */
  function reach(chart) {
    const all = chart.values.filter((v) => v != null).concat(chart.median == null ? [] : [chart.median]);
    const low = all.reduce((a, b) => Math.min(a, b), Infinity);
    const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
    if (!all.length) return { min: 0, max: 1 };
    const span = Math.max(high - low, Math.abs(high) * 0.1) || 1;
    const bottom = low >= 0 && low - span < 0 ? 0 : low - span * 0.3;
    const top = chart.ceiling == null ? high + span * 0.25 : Math.min(chart.ceiling, high + span * 0.25);
    const unit = Math.pow(10, Math.floor(Math.log10((top - bottom) / 4)));
    const interval = [1, 2, 2.5, 5, 10].map((f) => f * unit).find((step) => (top - bottom) / step <= 4);
    const max = interval * Math.ceil(top / interval - 1e-9);
    return { min: interval * Math.floor(bottom / interval), max: chart.ceiling == null ? max : Math.min(max, chart.ceiling), interval };
  }

  const words = (section, chart, i) => {
    const label = section.labels[i];
    const since = [[chart.before[i], "the run before"], [chart.first[i], "the first"]]
      .filter(([change]) => change).map(([change, what]) => change + " since " + what);
    return { head: [label.commit, label.time + " UTC", label.verdict], figure: show(chart.values[i]) + " " + chart.unit, since, other: label.other };
  };

  function tip(section, chart, points) {
    const { head, figure, since, other } = words(section, chart, points[0].dataIndex);
    const rest = other ? ["Other settings: " + other] : since;
    return '<div class="tip">' + head.map(escape).join(", ") + "<br><b>" + escape(figure) + "</b>" +
      rest.map((text) => "<br>" + escape(text)).join("") + "</div>";
  }

  function option(section, chart, width) {
    const room = Math.max(1, Math.floor((width - 64) / 64));
    return {
      ...page.base(chart.name + " by commit", chart.summary, 12, {
        extraCssText: "white-space: normal; max-width: 260px",
        formatter: (points) => tip(section, chart, points),
      }),
      xAxis: {
        ...page.categories(section.labels.map((label) => label.commit),
          { hideOverlap: true, interval: Math.ceil(section.labels.length / room) - 1 }),
        boundaryGap: true,
      },
      yAxis: page.values({ type: "value", ...reach(chart) }),
      series: [series(section, chart, true), series(section, chart, false)],
    };
  }

  /** Arrow keys walk along the runs, from the newest; a live region repeats the tooltip for screen readers. */
  function keys(plot, section, chart, drawn) {
    const count = section.labels.length;
    let at = count;
    plot.setAttribute("role", "img");
    page.keys(plot, drawn, (key) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 }[key];
      if (to === undefined) return false;
      at = Math.min(count - 1, Math.max(0, to));
      const seriesIndex = section.labels[at].other ? 1 : 0;
      drawn.dispatchAction({ type: "showTip", seriesIndex, dataIndex: at });
      const { head, figure, since, other } = words(section, chart, at);
      spoken.textContent = head.concat(figure, other ? ["other settings: " + other] : since).join(", ");
      return true;
    });
  }

  sections.forEach((section) => section.charts.forEach((chart) => page.start(
    chart.id,
    (plot, drawn) => keys(plot, section, chart, drawn),
    (plot, drawn) => drawn.setOption(option(section, chart, drawn.getWidth()), true))));
  // Two columns of charts with a gutter.
  page.follow(() => ({ width: 330, height: 165 }), () => {}, () => {});
})();
