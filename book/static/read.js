// Values read off a figure, with mouse, finger or keys. Without this script a figure stands still.
// The points come from replication/presentation/readings.py, with their places in the drawing.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";

  const nearest = (points, place) =>
    points.reduce((a, b) => (Math.abs(b[2] - place) < Math.abs(a[2] - place) ? b : a));

  const within = (line, place, width) => {
    const places = line.points.map((point) => point[2]);
    // A line says nothing beyond its ends.
    return place >= Math.min(...places) - width && place <= Math.max(...places) + width;
  };

  const readable = (figure) => {
    const source = figure.querySelector('script[type="application/json"]');
    const drawing = figure.querySelector("svg");
    if (!source || !drawing) return;
    const panels = JSON.parse(source.textContent);
    if (!panels.length) return;

    const mark = document.createElementNS(SVG, "g");
    mark.setAttribute("class", "reading");
    drawing.append(mark);
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: 200, value: 0, step: 1 });
    const label = document.createElement("label");
    label.append("Read values: ", slider);
    const output = document.createElement("output");
    output.textContent = "move the slider, or point at the figure";
    const bar = document.createElement("div");
    bar.className = "readings";
    bar.append(label, output);
    figure.querySelector("figcaption").before(bar);

    const show = () => {
      mark.replaceChildren();
      const texts = panels.map(({ box, axis, lines }) => {
        const [left, top, right, bottom] = box;
        const place = left + ((right - left) * slider.value) / slider.max;
        const rule = document.createElementNS(SVG, "line");
        const ends = { x1: place, x2: place, y1: top, y2: bottom };
        Object.entries(ends).forEach(([name, value]) => rule.setAttribute(name, value));
        mark.append(rule);
        const shown = lines.filter((line) => within(line, place, 0.03 * (right - left)));
        const found = shown.map((line) => [line.name, nearest(line.points, place)]);
        for (const [, [, , x, y]] of found) {
          const dot = document.createElementNS(SVG, "circle");
          Object.entries({ cx: x, cy: y, r: 3 }).forEach(([n, v]) => dot.setAttribute(n, v));
          mark.append(dot);
        }
        if (!found.length) return "nothing is drawn here";
        const values = found.map(([name, [x, y]]) => `${name}: ${y} at ${x}`);
        return `${axis || "x"}: ${values.join("; ")}`;
      });
      output.textContent = texts.join(" | ");
    };

    slider.addEventListener("input", show);
    drawing.addEventListener("pointermove", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY);
      const { x, y } = point.matrixTransform(drawing.getScreenCTM().inverse());
      const inside = panels.find(({ box: [l, t, r, b] }) => x >= l && x <= r && y >= t && y <= b);
      if (!inside) return;
      const [left, , right] = inside.box;
      slider.value = Math.round((slider.max * (x - left)) / (right - left));
      show();
    });
  };

  document.querySelectorAll("figure.drawing").forEach(readable);
})();
