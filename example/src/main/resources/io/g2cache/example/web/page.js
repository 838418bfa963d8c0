"use strict";
// Asks every node for its figures once a second and shows them. A node that does not answer is shown as down.

const HISTORY = 120;
const COLOURS = ["#2563eb", "#d97706", "#0d9488"];
const TIERS = [
  {field: "localHitRate", label: "local", colour: "#0d9488"},
  {field: "outHitRate", label: "out", colour: "#60a5fa"},
  {field: "sourceRate", label: "database", colour: "#f59e0b"},
];
const whole = (value) => Math.round(value).toLocaleString("en-US");
const percent = (value) => (100 * value).toFixed(1) + " %";
const FIELDS = [
  {field: "getsPerSecond", label: "gets/s", text: whole},
  {field: "p50Micros", label: "p50, µs", text: whole},
  {field: "p99Micros", label: "p99, µs", text: whole},
  {field: "localHitRate", label: "local hits", text: percent},
  {field: "outHitRate", label: "out hits", text: percent},
  {field: "sourceRate", label: "database", text: percent},
  {field: "eventsApplied", label: "events applied", text: whole},
  {field: "lagEvents", label: "lag, events", text: whole},
  {field: "lagMillis", label: "lag, ms", text: whole},
  {field: "auditChecked", label: "keys audited", text: whole},
  {field: "auditDifferences", label: "wrong, of these", text: whole},
];

const seconds = Array.from({length: HISTORY}, (_, i) => i - HISTORY + 1);
const blank = () => new Array(HISTORY).fill(null);
const push = (series, value) => { series.shift(); series.push(value); };

function element(parent, tag, text, attributes = {}) {
  const created = document.createElement(tag);
  created.textContent = text;
  Object.entries(attributes).forEach(([name, value]) => created.setAttribute(name, value));
  parent.append(created);
  return created;
}

function lineChart(canvas, datasets, y) {
  return new Chart(canvas, {
    type: "line",
    data: {labels: seconds, datasets},
    options: {
      animation: false,
      maintainAspectRatio: false,
      elements: {point: {radius: 0}, line: {borderWidth: 2}},
      interaction: {mode: "index", intersect: false},
      plugins: {legend: {position: "bottom", labels: {boxWidth: 12, boxHeight: 12}}},
      scales: {
        x: {type: "linear", min: -HISTORY, max: 0, ticks: {stepSize: 30, callback: (value) => value + " s"}, grid: {display: false}},
        y: {beginAtZero: true, ...y},
      },
    },
  });
}

function nodeCard(name, url) {
  const card = element(document.getElementById("nodes"), "article", "");
  const title = element(card, "h3", "");
  element(title, "a", "Node " + name, {href: url + "/"});
  const state = element(title, "span", "…", {class: "state", "data-node": name, "data-field": "state"});
  const list = element(card, "dl", "");
  const cells = FIELDS.map(({field, label}) => {
    const pair = element(list, "div", "");
    element(pair, "dt", label);
    return element(pair, "dd", "–", {"data-node": name, "data-field": field});
  });
  return {state, cells};
}

function rateChart(name) {
  const figure = element(document.getElementById("rates"), "figure", "");
  element(figure, "figcaption", "Node " + name);
  const canvas = element(element(figure, "div", "", {class: "chart"}), "canvas", "");
  const datasets = TIERS.map(({label, colour}, i) => ({
    label, data: blank(), borderColor: colour, backgroundColor: colour + "66", fill: i === 0 ? "origin" : "-1",
  }));
  return lineChart(canvas, datasets, {stacked: true, min: 0, max: 1, ticks: {callback: (value) => 100 * value + " %"}});
}

function overview(id, nodes, y) {
  const datasets = nodes.map(({name}, i) => ({
    label: "Node " + name, data: blank(), borderColor: COLOURS[i % COLOURS.length], backgroundColor: COLOURS[i % COLOURS.length],
  }));
  return lineChart(document.getElementById(id), datasets, y);
}

async function figures(url) {
  try {
    const answer = await fetch(url + "/statics", {signal: AbortSignal.timeout(900), cache: "no-store"});
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    return null;
  }
}

function progress({eventsDone, eventsToDo, leftMillis}) {
  const all = eventsDone + eventsToDo;
  return all === 0 ? "" : percent(eventsDone / all) + ", " + whole(eventsToDo) + " events left, " + (leftMillis / 1000).toFixed(1) + " s";
}

function show(node, statics) {
  const state = statics ? statics.state : "DOWN";
  node.card.state.textContent = state === "CATCHING_UP" ? state + " " + progress(statics.catchUp) : state;
  node.card.state.className = "state " + state;
  FIELDS.forEach(({field, text}, i) => { node.card.cells[i].textContent = statics ? text(statics[field]) : "–"; });
  TIERS.forEach(({field}, i) => push(node.rates.data.datasets[i].data, statics ? statics[field] : null));
  node.rates.update();
}

async function poll(nodes, charts, polls) {
  const all = await Promise.all(nodes.map(({url}) => figures(url)));
  all.forEach((statics, i) => {
    show(nodes[i], statics);
    push(charts.gets.data.datasets[i].data, statics ? statics.getsPerSecond : null);
    push(charts.lag.data.datasets[i].data, statics ? statics.lagMillis : null);
  });
  charts.gets.update();
  charts.lag.update();
  const updated = document.getElementById("updated");
  updated.dataset.polls = polls;
  updated.textContent = "updated " + new Date().toLocaleTimeString("en-GB");
  setTimeout(() => poll(nodes, charts, polls + 1), 1000);
}

async function start() {
  const own = await figures("");
  if (!own) {
    setTimeout(start, 1000);
    return;
  }
  const nodes = Object.entries(own.peers).map(([name, url]) => ({name, url}));
  document.getElementById("count").textContent = nodes.length;
  for (const node of nodes) {
    node.card = nodeCard(node.name, node.url);
    node.rates = rateChart(node.name);
  }
  const charts = {gets: overview("gets", nodes, {}), lag: overview("lag", nodes, {suggestedMax: 100})};
  poll(nodes, charts, 1);
}

start();
