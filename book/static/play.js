// Figures that a reader can change. Without this script each shows a still picture and words.
// Data, controls and axes come from replication/presentation/play; every number that is printed here
// is a text there, the same as in the table below the figure. Nothing moves by itself.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 340; // of a panel, in units of its own
  const CHARACTER = 6; // width of one, at the size of the axes' words
  const [RED, BLUE] = [[214, 69, 65], [64, 132, 220]]; // above zero and below

  const fill = (node, attributes, children) => {
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.append(...children);
    return node;
  };
  const html = (name, attributes = {}, ...children) =>
    fill(document.createElement(name), attributes, children);
  const svg = (name, attributes = {}, ...children) =>
    fill(document.createElementNS(SVG, name), attributes, children);

  const control = ({ label, choices, start, slider }, changed) => {
    const range = { type: "range", min: 0, max: choices.length - 1, step: 1 };
    const options = slider ? [] : choices.map((choice) => html("option", {}, choice));
    const input = slider ? html("input", range) : html("select", {}, ...options);
    const value = html("span", { class: "value", "aria-hidden": "true" });
    const index = () => (slider ? Number(input.value) : input.selectedIndex);
    const say = () => {
      if (!slider) return;
      input.setAttribute("aria-valuetext", choices[index()]);
      value.textContent = choices[index()];
    };
    if (slider) input.value = start;
    else input.selectedIndex = start;
    input.addEventListener("input", () => {
      say();
      changed();
    });
    say();
    return { node: html("label", {}, html("span", {}, label), input, value), index };
  };

  const scale = ({ low, high, log }, from, to) => {
    const of = log ? Math.log : (value) => value;
    return (value) => from + ((to - from) * (of(value) - of(low))) / (of(high) - of(low));
  };

  // Axes, and a layer on them that clips: X and Y lead from values to places in it.
  const panel = (x, y, square = false) => {
    const longest = Math.max(0, ...y.ticks.map(([, tick]) => tick.length));
    const left = 10 + longest * CHARACTER + (y.label ? 16 : 0);
    const [top, right, bottom] = [8, 14, x.ticks.length ? 40 : 22];
    const width = WIDTH - left - right;
    const tall = square ? width : 0.75 * width;
    const height = top + tall + bottom;
    const [X, Y] = [scale(x, 0, width), scale(y, tall, 0)];
    const inside = { x: left, y: top, width, height: tall };
    const [layer, marks] = [svg("svg", inside), []];
    const write = (text, attributes) => marks.push(svg("text", attributes, text));
    for (const [value, tick] of x.ticks) {
      const place = left + X(value);
      marks.push(svg("line", { class: "grid", x1: place, x2: place, y1: top, y2: top + tall }));
      write(tick, { x: place, y: top + tall + 14, "text-anchor": "middle" });
    }
    for (const [value, tick] of y.ticks) {
      const place = top + Y(value);
      marks.push(svg("line", { class: "grid", x1: left, x2: left + width, y1: place, y2: place }));
      write(tick, { x: left - 5, y: place + 4, "text-anchor": "end" });
    }
    write(x.label, { x: left + width / 2, y: height - 6, "text-anchor": "middle" });
    const turned = `translate(11 ${top + tall / 2}) rotate(-90)`;
    write(y.label, { transform: turned, "text-anchor": "middle" });
    const name = [y.label, x.label].filter(Boolean).join(" over ");
    const picture = { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": name };
    const frame = svg("rect", { ...inside, class: "frame" });
    return { node: svg("svg", picture, ...marks, frame, layer), layer, X, Y, tall };
  };

  const path = (points, attributes) =>
    svg("path", { fill: "none", stroke: "currentColor", d: `M${points.join("L")}`, ...attributes });

  const arrow = ([x, y], [toX, toY]) => {
    const length = Math.hypot(toX - x, toY - y);
    const head = Math.min(0.3, 5 / Math.max(length, 1e-6));
    const [backX, backY] = [(x - toX) * head, (y - toY) * head];
    const sides = [1, -1].map((s) => [toX + backX + (s * backY) / 2, toY + backY - (s * backX) / 2]);
    return `M${x} ${y}L${toX} ${toY}M${sides[0]}L${toX} ${toY}L${sides[1]}`;
  };

  // Signed bytes, of which the largest is 1 or -1.
  const unpack = (text) =>
    Array.from(atob(text), (letter) => ((letter.charCodeAt(0) << 24) >> 24) / 127);

  // A picture of signed numbers, red above zero and blue below; or of grey levels, on black.
  const draw = (canvas, values, signed) => {
    const image = new ImageData(canvas.width, canvas.height);
    values.forEach((value, n) => {
      const level = Math.min(255, Math.round(255 * Math.abs(value)));
      const grey = value > 0 ? [level, level, level, 255] : [0, 0, 0, 255];
      image.data.set(signed ? [...(value > 0 ? RED : BLUE), level] : grey, 4 * n);
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
  const canvas = ([height, width], name, words) => {
    const picture = html("canvas", { width, height, role: "img", "aria-label": name });
    const below = html("span", { "aria-hidden": "true" }, words);
    const say = (newName, newWords) => {
      picture.setAttribute("aria-label", newName);
      below.textContent = newWords;
    };
    return { node: html("div", { class: "picture" }, picture, below), picture, say };
  };

  const said = (names, values) => names.map((name, n) => `${name}: ${values[n]}`).join("\n");

  // Each takes the data of a figure, and gives what to show, a function that draws what the controls
  // say, as indices, and returns it in words, and sometimes the place of these words.
  const PLAYS = {
    plane({ radius, examples, points, grid, nets, columns, colour, axes }) {
      const { node, layer, X, Y } = panel(...axes, true);
      const at = ([x, y]) => [X(x).toFixed(1), Y(y).toFixed(1)];
      const long = (length) => X(length) - X(0);
      const dots = examples.map((point) => `M${at(point)}h.01`).join("");
      const rings = points.map(([x, y]) =>
        svg("circle", { cx: X(x), cy: Y(y), r: long(radius), class: "faint" }),
      );
      const still = [svg("path", { d: dots, class: "dots" }), ...rings];
      const show = ([index]) => {
        const { ellipses, arrows, rebuilt, numbers } = nets[index];
        const moves = grid.map((start, n) =>
          arrow(...[start, arrows[n]].map(([x, y]) => [X(x), Y(y)])),
        );
        const filled = ellipses.map(([rx, ry, angle], n) => {
          const [x, y] = at(points[n]);
          const place = `translate(${x} ${y}) rotate(${-angle})`;
          return svg("ellipse", { rx: long(rx), ry: long(ry), transform: place, fill: colour });
        });
        layer.replaceChildren(
          ...still,
          svg("path", { d: moves.join(""), class: "arrows" }),
          path(rebuilt.map(at), { "stroke-width": 1.5 }),
          ...filled,
        );
        return said(columns, numbers);
      };
      return { nodes: [node], show };
    },

    net({ axes, radii, places, shape, nets, columns }) {
      const [curves, spectra] = [panel(axes[0], axes[1]), panel(axes[2], axes[3])];
      const line = ({ layer, X, Y }, x, y, style) =>
        layer.append(path(x.map((value, n) => [X(value), Y(y[n])]), style));
      const pictures = nets[0].filters.map(() => canvas(shape, "", ""));
      const filters = html("div", { class: "pictures" }, ...pictures.map(({ node }) => node));
      const show = ([index, at]) => {
        const { colour, curve, ratios, norms, numbers } = nets[index];
        [curves, spectra].forEach(({ layer }) => layer.replaceChildren());
        const bold = { stroke: colour, "stroke-width": 2.5 };
        for (const net of [...nets, nets[index]]) {
          const style = net === nets[index] ? bold : { class: "faint" };
          line(curves, radii, net.curve, style);
          line(spectra, places, net.spectrum, style);
        }
        const [x, y] = [curves.X(radii[at]), curves.Y(curve[at])];
        curves.layer.append(
          path([[x, 0], [x, curves.tall]], { class: "rule" }),
          svg("circle", { cx: x, cy: y, r: 5, fill: colour }),
        );
        pictures.forEach(({ picture, say }, n) => {
          draw(picture, unpack(nets[index].filters[n]), true);
          say(`filter with norm ${norms[n]}`, norms[n]);
        });
        return [`ratio at distance ${radii[at]}: ${ratios[at]}`, said(columns, numbers)].join("\n");
      };
      return { nodes: [curves.node, spectra.node, filters], show };
    },

    walk({ axes, steps, shape, examples, nets }) {
      const { node, layer, X, Y } = panel(...axes);
      const start = canvas(shape, "the digit", "x");
      const way = canvas(shape, "the direction", "v");
      const end = canvas(shape, "the digit after the step", "x + t v");
      const row = html("div", { class: "pictures" }, start.node, way.node, end.node);
      const show = ([digit, net, direction, at]) => {
        const t = steps[at];
        const example = unpack(examples[digit]);
        const v = unpack(nets[net].walks[digit][direction].direction);
        const length = Math.hypot(...v);
        draw(start.picture, example, false);
        draw(way.picture, v, true);
        draw(end.picture, example.map((value, n) => value + (t * v[n]) / length), false);
        layer.replaceChildren();
        for (const one of [...nets.filter((other) => other !== nets[net]), nets[net]]) {
          const { stretch, distances } = one.walks[digit][direction];
          const promised = steps.map((step) => [X(step), Y(Math.abs(step) * stretch)]);
          const style = { stroke: one.colour, "stroke-width": one === nets[net] ? 2.5 : 1 };
          layer.append(
            path(promised, { ...style, "stroke-width": 1, class: "rule" }),
            path(distances.map((distance, n) => [X(steps[n]), Y(distance)]), style),
          );
        }
        const { stretch, distances } = nets[net].walks[digit][direction];
        const dot = { cx: X(t), cy: Y(distances[at]), r: 5, fill: nets[net].colour };
        layer.append(svg("circle", dot));
        return [
          `t = ${t}: the code has moved ${distances[at]}`,
          `stretch of a small step: ${stretch}`,
        ].join("\n");
      };
      return { nodes: [row, node], show, place: row };
    },

    budget({ axes, models }) {
      const [left, right] = [panel(axes[0], axes[1]), panel(axes[2], axes[3])];
      const curves = models.map(({ mean, colour }) => {
        const points = mean.map((value, n) => [left.X(n + 1), left.Y(value)]);
        return path(points, { stroke: colour, "stroke-width": 1.5 });
      });
      const show = ([index]) => {
        const place = left.X(index + 1);
        const ends = [[place, 0], [place, left.tall]];
        left.layer.replaceChildren(...curves, path(ends, { class: "rule" }));
        right.layer.replaceChildren();
        models.forEach(({ colour, mean, low, high }, n) => {
          const [x, y] = [right.X, right.Y(axes[3].ticks[n][0])];
          const bar = [[x(low[index]), y], [x(high[index]), y]];
          const wide = { stroke: colour, "stroke-width": 5, "stroke-opacity": 0.5 };
          const dot = { cx: x(mean[index]), cy: y, r: 4, fill: colour };
          right.layer.append(path(bar, wide), svg("circle", dot));
        });
        return said(models.map(({ name }) => name), models.map(({ texts }) => texts[index]));
      };
      return { nodes: [left.node, right.node], show };
    },
  };

  document.querySelectorAll("figure.play").forEach((figure) => {
    const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const still = figure.querySelector(".still");
    const { nodes, show, place } = PLAYS[figure.dataset.play](data);
    const output = html("output");
    const update = () => {
      output.textContent = show(controls.map(({ index }) => index()));
    };
    const controls = data.controls.map((one) => control(one, update));
    const bar = html("div", { class: "controls" }, ...controls.map(({ node }) => node));
    const words = { class: "stage", role: "group", "aria-label": still.getAttribute("aria-label") };
    const stage = html("div", words, ...nodes);
    (place || stage).append(output);
    still.replaceWith(bar, stage);
    update();
  });
})();
