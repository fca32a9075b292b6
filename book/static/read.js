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

  const paragraph = (text) => {
    const element = document.createElement("p");
    element.textContent = text;
    return element;
  };

  // "panel, epoch 1: right 22.09, wrong 21.93": what the values have in common is said once.
  const reading = (axis, found) => {
    if (!found.length) return "nothing is drawn here";
    const panel = found[0][0].split(": ")[0] + ": ";
    const common = found.length > 1 && found.every(([name]) => name.startsWith(panel));
    const places = new Set(found.map(([, [x]]) => x));
    const values = found.map(([name, [x, y]]) => {
      const short = common ? name.slice(panel.length) : name;
      return places.size > 1 ? `${short} ${y} at ${x}` : `${short} ${y}`;
    });
    const where = places.size > 1 ? axis || "x" : `${axis || "x"} ${found[0][1][0]}`;
    return `${common ? panel.replace(": ", ", ") : ""}${where}: ${values.join("; ")}`;
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
        return reading(axis, found);
      });
      output.replaceChildren(...texts.map(paragraph));
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
