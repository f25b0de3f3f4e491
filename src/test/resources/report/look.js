// Looks at the page as it is shown now. Resolves to JSON: what a reader would complain about
// (faults), and every text with a number, in order (numbers).
(async () => {
  // Charts follow the size and the colours of the screen.
  const frame = () => new Promise(requestAnimationFrame);
  for (let i = 0; i < 4; i++) await frame();
  const faults = [];
  const numbers = [];
  const TOLERANCE_PX = 1;
  const CONTRAST = 4.5;

  // The canvas knows every notation of a colour.
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data].map((v, i) => (i === 3 ? v / 255 : v));
  }
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, element.parentElement ? behind(element.parentElement) : [255, 255, 255, 1]);
  };
  function contrast(one, other) {
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  /** What of a text is seen: none of what is for screen readers, and no more than a scroller shows. */
  function parts(node, element) {
    for (let e = element; e; e = e.parentElement) if (getComputedStyle(e).clipPath !== "none") return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = element.closest(".wide, .scroll")?.getBoundingClientRect();
    return [...range.getClientRects()].map((r) => ({
      left: Math.max(r.left, box ? box.left : -Infinity), right: Math.min(r.right, box ? box.right : Infinity),
      // Letters do not fill the height of their line.
      top: r.top + scrollY + r.height * 0.2, bottom: r.bottom + scrollY - r.height * 0.2, scrolls: !!box,
    })).filter((r) => r.right - r.left > TOLERANCE_PX);
  }

  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.data.trim();
    if (!text || element.closest("script, style, .skip") || !element.checkVisibility()) continue;
    const rects = parts(node, element);
    const svg = element.closest("svg");
    if (!svg && rects.length && /\d/.test(text) && !element.closest("thead")) numbers.push(text);
    if (rects.length) {
      const colour = getComputedStyle(element)[svg ? "fill" : "color"];
      const ratio = contrast(over(rgba(colour), behind(element)), behind(element));
      if (ratio < CONTRAST) faults.push("contrast " + ratio.toFixed(2) + ": " + text);
    }
    const frameOf = svg ? svg.getBoundingClientRect() : { left: 0, right: innerWidth };
    rects.forEach((r) => {
      const out = r.left < frameOf.left - TOLERANCE_PX || r.right > frameOf.right + TOLERANCE_PX;
      if (out && !r.scrolls) faults.push("clipped: " + text);
      seen.push({ ...r, text, node });
    });
  }
  seen.sort((a, b) => a.top - b.top);
  seen.forEach((a, i) => {
    for (let j = i + 1; j < seen.length && seen[j].top < a.bottom - TOLERANCE_PX; j++) {
      const b = seen[j];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      if (a.node !== b.node && across > TOLERANCE_PX) faults.push("overlap: " + a.text + " | " + b.text);
    }
  });
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push("scrolls sideways: " + document.documentElement.scrollWidth + " of " + innerWidth + " px");
  }
  document.querySelectorAll(".plot").forEach((plot) => {
    const drawn = plot.querySelector("svg")?.getBoundingClientRect();
    if (!drawn || !drawn.width || !drawn.height || !plot.querySelector("path")) faults.push("not drawn: " + plot.id);
  });
  return JSON.stringify({ faults, numbers });
})()
