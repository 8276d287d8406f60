// The page: search, ways, differences. Pictures and ways come from the program; what is done here is to find, to light up
// and to move together what is lit. Text goes in as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);

  /** An element with attributes and children; a string becomes text, nothing is parsed. */
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== ""));
    return element;
  };
  const title = (node) => {
    const version = node.version ?? node.allowed;
    return version ? `${short(node)} ${version}` : short(node);
  };
  const short = (node) => (["addon", "host", "bundle"].includes(node.kind) ? `${node.kind} ${node.name}` : node.name);
  const key = (node) => `${node.kind} ${node.name}`;

  // One graph at a time.
  const graphs = data.graphs.map((graph, index) => {
    const canvas = document.querySelector(`.canvas[data-graph="${index}"]`);
    const svg = canvas.querySelector("svg.picture");
    const nodes = new Map();
    for (const element of svg.querySelectorAll(".node")) {
      const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(element.getAttribute("transform"));
      nodes.set(Number(element.dataset.node), {
        element,
        x: Number(x),
        y: Number(y),
        width: Number(element.querySelector("rect").getAttribute("width")),
        layer: Number(element.dataset.layer),
      });
    }
    const lines = [...svg.querySelectorAll(".line")].map((element) => ({
      element,
      from: Number(element.dataset.from),
      to: Number(element.dataset.to),
      curve: element.getAttribute("d"),
    }));
    const needs = graph.nodes.map(() => []);
    const askers = graph.nodes.map(() => []);
    graph.edges.forEach((edge, number) => {
      needs[edge.from].push(number);
      askers[edge.to].push(number);
    });
    const whole = svg.getAttribute("viewBox").split(" ").map(Number);
    return { ...graph, canvas, svg, places: nodes, lines, needs, askers, whole, box: null, chosen: null, isFocused: false };
  });
  let current = graphs[0];

  // Views.
  const views = [...document.querySelectorAll("nav button")];
  const show = (name) => {
    for (const button of views) button.setAttribute("aria-selected", String(button.dataset.view === name));
    for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== name;
    if (name === "graph" && current && !current.box) fit();
  };
  for (const button of views) button.addEventListener("click", () => show(button.dataset.view));

  // Moving and zooming: the part of the picture that is seen.
  const see = (box) => {
    current.box = box;
    current.svg.setAttribute("viewBox", box.map((number) => number.toFixed(1)).join(" "));
  };
  const fit = (box = current.whole) => {
    const pad = 14;
    see([box[0] - pad, box[1] - pad, box[2] + 2 * pad, box[3] + 2 * pad]);
  };
  const scale = () => {
    const frame = current.canvas.getBoundingClientRect();
    return Math.max(current.box[2] / frame.width, current.box[3] / frame.height);
  };
  const zoom = (factor, at) => {
    const [x, y, width, height] = current.box;
    const next = Math.min(Math.max(scale() * factor, 0.2), 40) / scale();
    const [centreX, centreY] = at ?? [x + width / 2, y + height / 2];
    see([centreX - (centreX - x) * next, centreY - (centreY - y) * next, width * next, height * next]);
  };
  const point = (event) => {
    const frame = current.canvas.getBoundingClientRect();
    const [x, y, width, height] = current.box;
    const size = scale();
    return [
      x + width / 2 + (event.clientX - frame.left - frame.width / 2) * size,
      y + height / 2 + (event.clientY - frame.top - frame.height / 2) * size,
    ];
  };
  for (const graph of graphs) {
    let drag = null;
    graph.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.ctrlKey || !event.shiftKey) zoom(Math.exp(Math.sign(event.deltaY) * 0.16), point(event));
    }, { passive: false });
    graph.svg.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, y: event.clientY, box: current.box, moved: false };
    });
    graph.svg.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.moved && Math.hypot(x, y) < 4) return;
      if (!drag.moved) graph.svg.setPointerCapture(event.pointerId);
      drag.moved = true;
      graph.svg.classList.add("moving");
      const size = scale();
      see([drag.box[0] - x * size, drag.box[1] - y * size, drag.box[2], drag.box[3]]);
    });
    const drop = (event) => {
      graph.svg.classList.remove("moving");
      const moved = drag?.moved;
      drag = null;
      if (moved || event.type !== "pointerup") return;
      const node = event.target.closest(".node");
      choose(node ? Number(node.dataset.node) : null, { stay: true });
    };
    graph.svg.addEventListener("pointerup", drop);
    graph.svg.addEventListener("pointercancel", drop);
    graph.svg.addEventListener("dblclick", (event) => {
      if (event.target.closest(".node")) focus(true);
    });
  }
  /** Moves so that a node can be seen and read. */
  const reveal = (id) => {
    const place = current.at?.get(id) ?? current.places.get(id);
    if (!place) return;
    if (scale() > 1.5) {
      const frame = current.canvas.getBoundingClientRect();
      see([place.x - frame.width / 2, place.y - frame.height / 2, frame.width, frame.height]);
      return;
    }
    const [x, y, width, height] = current.box;
    const isSeen = place.x > x && place.x + place.width < x + width && place.y > y + 20 && place.y < y + height - 20;
    if (!isSeen) see([place.x + place.width / 2 - width / 2, place.y - height / 2, width, height]);
  };

  // Choosing: the ways light up, the panel tells them.
  const onWay = (id) => {
    const nodes = new Set([id]);
    const pairs = new Set();
    for (const fold of current.ways[id].folds) {
      for (const number of fold.edges) {
        const edge = current.edges[number];
        nodes.add(edge.from).add(edge.to);
        pairs.add(`${edge.from} ${edge.to}`);
      }
    }
    return { nodes, pairs };
  };
  const choose = (id, { stay = false } = {}) => {
    if (!current) return;
    current.chosen = id;
    const { nodes, pairs } = id === null ? { nodes: new Set(), pairs: new Set() } : onWay(id);
    const below = new Set(id === null ? [] : current.needs[id].map((number) => current.edges[number].to));
    current.svg.classList.toggle("chosen-in", id !== null && current.places.has(id));
    for (const [other, { element }] of current.places) {
      element.classList.toggle("chosen", other === id);
      element.classList.toggle("way", nodes.has(other));
      element.classList.toggle("below", below.has(other));
    }
    for (const line of current.lines) {
      const isWay = pairs.has(`${line.from} ${line.to}`);
      line.element.classList.toggle("way", isWay);
      line.element.classList.toggle("below", line.from === id);
      // What is lit lies on top.
      if (isWay) line.element.parentNode.insertBefore(line.element, current.places.values().next().value.element);
    }
    if (current.isFocused || $("focus").ariaPressed === "true") focus(current.isFocused && id !== null);
    panel(id);
    if (id !== null && !stay) reveal(id);
    const hash = id === null ? "" : encodeURIComponent(key(current.nodes[id]));
    history.replaceState(null, "", `#${hash}`);
    $("focus").disabled = id === null;
  };

  /** Shows what is lit and nothing else, moved together; or everything again. */
  const focus = (isOn) => {
    const id = current.chosen;
    current.isFocused = isOn && id !== null && current.places.has(id);
    $("focus").setAttribute("aria-pressed", String(current.isFocused));
    const kept = [...current.places].filter(([, { element }]) => !current.isFocused || element.matches(".way, .below"));
    const lit = current.lines.filter((line) => line.element.matches(".way, .below"));
    const at = current.isFocused ? gather(kept, lit) : current.places;
    current.at = at;
    for (const [other, { element }] of current.places) {
      const place = at.get(other);
      element.style.display = place ? "" : "none";
      if (place) element.setAttribute("transform", `translate(${place.x} ${place.y})`);
    }
    for (const words of current.svg.querySelectorAll(".words")) words.style.display = current.isFocused ? "none" : "";
    for (const line of current.lines) {
      const isSeen = !current.isFocused || lit.includes(line);
      line.element.style.display = isSeen ? "" : "none";
      if (!isSeen) continue;
      const way = () => curve(at.get(line.from), line.way, at.get(line.to));
      line.element.setAttribute("d", current.isFocused ? way() : line.curve);
    }
    if (!current.isFocused) {
      if (isOn === false && current.wasFocused) fit();
      current.wasFocused = false;
      return;
    }
    current.wasFocused = true;
    const places = [...at.values()];
    const edge = (pick, of) => pick(...places.map(of));
    const left = edge(Math.min, (place) => place.x);
    const top = edge(Math.min, (place) => place.y) - 14;
    const right = edge(Math.max, (place) => place.x + place.width);
    const bottom = edge(Math.max, (place) => place.y) + 14;
    const frame = current.canvas.getBoundingClientRect();
    // Never larger than life.
    const [width, height] = [Math.max(right - left, frame.width - 28), Math.max(bottom - top, frame.height - 28)];
    fit([(left + right + 32) / 2 - width / 2, (top + bottom + 32) / 2 - height / 2, width, height]);
  };
  /** Few things, laid out again: as the program does it, with lanes, but in the order that is there. */
  const gather = (kept, lit) => {
    const layers = [...new Set(kept.map(([, place]) => place.layer))].sort((a, b) => a - b);
    const columns = layers.map(() => []);
    const slot = (column, values) => {
      const made = { column, beside: [[], []], ...values };
      columns[column].push(made);
      return made;
    };
    const at = new Map(kept.map(([id, place]) => [id, slot(layers.indexOf(place.layer), { ...place, half: 17 })]));
    const lanes = new Map();
    for (const line of lit) {
      let before = at.get(line.from);
      const end = at.get(line.to);
      line.way = [];
      for (let column = before.column + 1; column <= end.column; column += 1) {
        const name = `${line.to} ${column}`;
        if (column < end.column && !lanes.has(name)) lanes.set(name, slot(column, { y: end.y, half: 8 }));
        const next = column < end.column ? lanes.get(name) : end;
        if (next !== end) line.way.push(next);
        before.beside[1].push(next);
        next.beside[0].push(before);
        before = next;
      }
    }
    const mean = (slots) => slots.reduce((sum, other) => sum + other.y, 0) / slots.length;
    for (const column of columns) {
      column.sort((a, b) => a.y - b.y);
      settle(column, column.map(() => 0));
    }
    for (let round = 0; round < 10; round += 1) {
      const side = round % 2;
      for (const column of side ? [...columns].reverse() : columns) {
        const wish = new Map(column.map((one) => [one, one.beside[side].length ? mean(one.beside[side]) : one.y]));
        if (round < 6) column.sort((a, b) => wish.get(a) - wish.get(b));
        settle(column, column.map((one) => wish.get(one)));
      }
    }
    let x = 0;
    for (const column of columns) {
      const width = Math.max(...column.map((one) => one.width ?? 0));
      for (const one of column) Object.assign(one, { x, right: x + (one.width ?? width) });
      x += width + 90;
    }
    return at;
  };
  /** The places nearest to the wishes at which nothing overlaps (pool adjacent violators). */
  const settle = (column, wishes) => {
    const offsets = [];
    const blocks = [];
    column.forEach((one, index) => {
      offsets.push(index ? offsets[index - 1] + column[index - 1].half + one.half : 0);
      blocks.push([wishes[index] - offsets[index], 1]);
      while (blocks.length > 1 && blocks.at(-2)[0] / blocks.at(-2)[1] > blocks.at(-1)[0] / blocks.at(-1)[1]) {
        const [sum, count] = blocks.pop();
        blocks.at(-1)[0] += sum;
        blocks.at(-1)[1] += count;
      }
    });
    const places = blocks.flatMap(([sum, count]) => Array(count).fill(sum / count));
    column.forEach((one, index) => { one.y = places[index] + offsets[index]; });
  };
  const curve = (from, way, to) => {
    let path = `M${from.right} ${from.y}`;
    let [x, y] = [from.right, from.y];
    for (const next of [...way, to]) {
      const bend = next.x > x ? (next.x - x) / 2 : 60;
      path += `C${x + bend} ${y} ${next.x - bend} ${next.y} ${next.x} ${next.y}`;
      if (next !== to) path += `H${next.right}`;
      [x, y] = [next.right, next.y];
    }
    return path;
  };

  // The panel.
  const go = (id) => make("button", { class: "go", onclick: () => choose(id) }, title(current.nodes[id]));
  const place = (edge) => (edge.place ? make("div", { class: "place" }, edge.place) : "");
  const section = (name, ...children) => (children.length ? [make("h3", {}, name), ...children] : []);
  const list = (items, attributes) => (items.length ? [make("ul", attributes ?? {}, ...items)] : []);
  const panel = (id) => {
    const into = $("panel");
    into.scrollTop = 0;
    if (id === null) {
      into.replaceChildren(...overview());
      return;
    }
    const node = current.nodes[id];
    const way = current.ways[id];
    const folds = way.folds.map((fold) => {
      const says = fold.edges.flatMap((number) => {
        const edge = current.edges[number];
        return [make("div", { class: "words-of" }, edge.text, fold.repeated ? " (told above)" : ""), place(edge)];
      });
      const item = make("li", {}, go(current.edges[fold.edges[0]].to), ...says);
      item.style.marginLeft = `${fold.depth * 14}px`;
      item.style.paddingLeft = "10px";
      return item;
    });
    const edgeItem = (end) => (number) => {
      const edge = current.edges[number];
      return make("li", {}, go(edge[end]), make("div", { class: "words-of" }, edge.text), place(edge));
    };
    const badge = (text, kind = "") => make("span", { class: `badge ${kind}` }, text);
    const text = (line) => make("li", {}, line);
    into.replaceChildren(
      make("h2", {}, title(node)),
      make("p", {},
        badge(node.kind === "root" ? "the start" : node.kind),
        node.given ? badge("there already, not installed") : "",
        node.idle ? badge("nobody asks for it") : "",
        node.held && node.newest ? badge(`${node.newest} exists`, "warn") : ""),
      node.location ? make("p", { class: "place" }, node.location) : "",
      ...(folds.length ? section("Why it is here", make("ul", { class: "ways" }, ...folds)) : []),
      way.more ? make("p", { class: "faint" }, "and more ways than these") : "",
      ...section("What holds the version", ...list((node.held ?? []).map(text))),
      ...section("What would lift that", ...list((node.lifts ?? []).map(text))),
      ...section(`Asked for by (${current.askers[id].length})`, ...list(current.askers[id].map(edgeItem("from")))),
      ...section(`Needs (${current.needs[id].length})`, ...list(current.needs[id].map(edgeItem("to")))),
    );
  };
  const overview = () => {
    const count = (kinds) => current.nodes.filter((node) => kinds.includes(node.kind) && !node.idle).length;
    const held = current.nodes.flatMap((node, id) => (node.newest ? [make("li", {}, go(id),
      make("div", { class: "faint" }, ...node.held.slice(0, 1)))] : []));
    return [
      make("h2", {}, current.nodes[0].name),
      make("p", { class: "faint" }, current.target),
      make("p", {}, `${count(["addon"])} addons, ${count(["distribution", "package"])} packages`),
      make("p", { class: "faint on-screen" }, "Choose anything to see why it is there. ", make("kbd", {}, "/"), " searches, ",
        make("kbd", {}, "?"), " lists the keys."),
      ...section(`Not the newest (${held.length})`, ...list(held)),
    ];
  };

  // Search.
  const input = $("search");
  const found = $("found");
  let matches = [];
  let marked = 0;
  const search = () => {
    const words = input.value.trim().toLowerCase().replace(/[_.]/g, "-").split(/\s+/).filter(Boolean);
    const rank = (node) => {
      const text = `${node.kind} ${node.name} ${node.version ?? ""}`.toLowerCase().replace(/[_.]/g, "-");
      const plain = words.map((word) => word.replace(/[_.]/g, "-"));
      if (!plain.every((word) => text.includes(word))) return null;
      const name = node.name.toLowerCase().replace(/[_.]/g, "-");
      const first = plain.find((word) => name.includes(word)) ?? "";
      return (name === first ? 0 : name.startsWith(first) ? 1 : 2) + (node.idle ? 3 : 0);
    };
    matches = words.length === 0 ? [] : current.nodes
      .map((node, id) => [rank(node), id])
      .filter(([order]) => order !== null)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([, id]) => id);
    marked = 0;
    list_found(words.length > 0);
  };
  const list_found = (isOpen) => {
    const shown = matches.slice(0, 40).map((id, index) => make("li", {
      role: "option", id: `found-${index}`, "aria-selected": String(index === marked),
      onpointerdown: (event) => { event.preventDefault(); take(id); },
    }, make("span", {}, title(current.nodes[id])), make("span", { class: "kind" }, current.nodes[id].kind)));
    if (isOpen && shown.length === 0) shown.push(make("li", { class: "none" }, "nothing is called that"));
    found.replaceChildren(...shown);
    found.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (matches.length) input.setAttribute("aria-activedescendant", `found-${marked}`);
    else input.removeAttribute("aria-activedescendant");
    found.children[marked]?.scrollIntoView({ block: "nearest" });
  };
  const take = (id) => {
    input.value = "";
    matches = [];
    list_found(false);
    input.blur();
    show("graph");
    ask(id);
  };
  /** Whoever asks for one thing by name gets its ways and nothing else. */
  const ask = (id) => {
    choose(id, { stay: true });
    focus(true);
  };
  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("blur", () => list_found(false));
  input.addEventListener("keydown", (event) => {
    const last = Math.min(matches.length, 40) - 1;
    if (event.key === "ArrowDown") marked = Math.min(marked + 1, last);
    else if (event.key === "ArrowUp") marked = Math.max(marked - 1, 0);
    else if (event.key === "Enter" && matches.length) return take(matches[marked]);
    else if (event.key === "Escape") {
      if (!input.value) input.blur();
      input.value = "";
      search();
      event.stopPropagation();
      return undefined;
    } else return undefined;
    event.preventDefault();
    list_found(true);
    return undefined;
  });

  // Keys.
  const beside = (id, step) => {
    const at = current.at ?? current.places;
    const own = at.get(id);
    const column = [...at].filter(([, other]) => other.layer === own.layer).sort((a, b) => a[1].y - b[1].y);
    return column[column.findIndex(([other]) => other === id) + step]?.[0];
  };
  const walk = {
    ArrowLeft: (id) => current.edges[current.askers[id][0]]?.from,
    ArrowRight: (id) => current.needs[id].map((number) => current.edges[number].to).find((to) => current.places.has(to)),
    ArrowUp: (id) => beside(id, -1),
    ArrowDown: (id) => beside(id, 1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (event.target.closest?.("input, select")) return;
    const isGraph = current && !$("graph").hidden;
    if (event.key === "/") {
      if (current) input.focus();
    } else if (event.key === "?") $("help").showModal();
    else if (/^[1-9]$/.test(event.key) && views[event.key - 1]) show(views[event.key - 1].dataset.view);
    else if (!isGraph) return;
    else if (walk[event.key]) {
      const next = current.chosen === null || !current.places.has(current.chosen) ? 0 : walk[event.key](current.chosen);
      if (next !== undefined) choose(next);
    } else if (event.key === "Enter" || event.key === "f") {
      if (event.target.closest("button, a") && event.key === "Enter") return;
      focus(!current.isFocused);
    } else if (event.key === "Escape") {
      if (current.isFocused) focus(false);
      else {
        choose(null);
        fit();
      }
    } else if (event.key === "0") fit();
    else if (event.key === "+" || event.key === "=") zoom(0.8);
    else if (event.key === "-") zoom(1.25);
    else return;
    event.preventDefault();
  });
  $("focus").addEventListener("click", () => focus(!current.isFocused));
  $("fit").addEventListener("click", () => {
    focus(false);
    fit();
  });
  $("keys").addEventListener("click", () => $("help").showModal());

  // The conflict.
  const table = (caption, heads, rows) => make("table", {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells))));
  if (data.conflict) {
    const cell = (text, kind) => make("td", kind ? { class: kind } : {}, text);
    const tables = data.conflict.contested.map((object) => table(object, ["who", "says", "which", "where"],
      data.conflict.facts.filter((fact) => fact.object === object).map((fact) => [
        cell(fact.subjects.join(", ")), cell(fact.verb, "faint"), cell(fact.range, "version"),
        cell(fact.places.join("\n"), "place"),
      ])));
    const hints = data.hints.map((hint) => make("p", { class: "hint" }, hint));
    $("facts").replaceChildren(...hints, ...tables);
  }

  // The difference.
  const signs = { came: "+", went: "−", changed: "~" };
  const sort = (change) => (!change.before ? "came" : !change.after ? "went" : "changed");
  const groups = [
    ["Studio", ["bundle", "other", "server", "launcher", "host", "python"]],
    ["Addons", ["addon"]],
    ["Packages", ["distribution", "package"]],
  ];
  const changes = () => {
    const difference = data.difference;
    const wanted = $("filter").value.trim().toLowerCase();
    const isWanted = (...texts) => texts.some((text) => text?.toLowerCase().includes(wanted));
    const sign = (change) => make("td", { class: `sign ${sort(change)}`, title: sort(change) }, signs[sort(change)]);
    const state = (state) => make("td", { class: "version" },
      state ? `${state.version ?? "any"}${state.given ? " (there already)" : ""}` : "");
    const known = new Map((current?.nodes ?? []).map((node, id) => [key(node), id]));
    const name = (thing) => {
      const id = known.get(`${thing.kind} ${thing.name}`);
      const text = thing.kind === "addon" ? `addon ${thing.name}` : thing.name;
      return make("td", {}, id === undefined ? text
        : make("button", { class: "go", onclick: () => { show("graph"); ask(id); } }, text));
    };
    const says = (saying) => make("td", { class: "words-of" }, saying?.text ?? "");
    const tables = groups.flatMap(([caption, kinds]) => {
      const things = difference.things.filter((thing) => kinds.includes(thing.kind) && isWanted(thing.name, ...thing.because));
      return things.length ? [table(`${caption} (${things.length})`, ["", "", difference.before, difference.after, "who asks"],
        things.map((thing) => [sign(thing), name(thing), state(thing.before), state(thing.after),
          make("td", { class: "faint" }, thing.because.slice(0, 3).join("; "),
            thing.because.length > 3 ? `; and ${thing.because.length - 3} more` : "")]))] : [];
    });
    const said = difference.requirements.filter((change) => isWanted(change.from, change.to, change.before?.text, change.after?.text));
    if (said.length) {
      tables.push(table(`Requirements (${said.length})`, ["", "who", difference.before, difference.after, "where"],
        said.map((change) => [sign(change), make("td", {}, change.from), says(change.before), says(change.after),
          make("td", { class: "place" }, change.after?.place ?? change.before?.place ?? "")])));
    }
    $("changes").replaceChildren(...(tables.length ? tables : [make("p", { class: "faint" }, "no difference")]));
  };
  if (data.difference) {
    $("filter").addEventListener("input", changes);
    const kinds = new Map(data.difference.things.map((thing) => [`${thing.kind} ${thing.name}`, sort(thing)]));
    for (const graph of graphs) {
      for (const [id, { element }] of graph.places) {
        const kind = kinds.get(key(graph.nodes[id]));
        if (kind) element.classList.add(kind);
      }
    }
    changes();
  }

  // The start.
  $("target")?.addEventListener("change", (event) => {
    current = graphs[Number(event.target.value)];
    for (const graph of graphs) graph.canvas.hidden = graph !== current;
    if (!current.box) fit();
    choose(current.chosen, { stay: true });
    event.target.blur();
  });
  if (current) {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const chosen = current.nodes.findIndex((node) => key(node) === wanted);
    show(data.conflict && chosen < 0 ? "conflict" : "graph");
    if (chosen < 0) choose(null);
    else ask(chosen);
  } else show(views[0]?.dataset.view);
})();
