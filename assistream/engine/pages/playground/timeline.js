// The picture of a run in time: a bar for each step, a tick for each delta, and a place in it that can be moved.

import { give, h, svg, the } from "./dom.js";
import { state, watchOpen } from "./state.js";
import { countUntil, duration, marks, timeOnAxis } from "./timing.js";
import { describe, shortName } from "./words.js";

const TOP = 22;
const ROW = 30;
const BAR = 18;
const RIGHT = 10;

let drawn = null;
let pointed = null;

export function showTimeline() {
  const box = the("timeline");
  box.onkeydown = moveByKey;
  box.onpointermove = (event) => (pointedAt(event), event.buttons & 1 && seekTo(event));
  box.onpointerleave = () => point(null);
  box.onpointerdown = (event) => {
    if (!state.open) return;
    box.setPointerCapture(event.pointerId);
    seekTo(event);
  };
  box.onfocus = () => state.open && point(state.open.position);
  box.onblur = () => point(null);
  new ResizeObserver(() => draw(state.open)).observe(box);
  watchOpen(draw);
  requestAnimationFrame(goOn);
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Time passes, also when nothing happens. */
function goOn(moment) {
  const { open } = state;
  if (open?.playing) open.advance(moment);
  else if (open?.live && !calm.matches) draw(open);
  requestAnimationFrame(goOn);
}

function draw(open) {
  const box = the("timeline");
  const has = Boolean(open?.events.length);
  the("timeline-empty").hidden = has;
  box.hidden = !has;
  if (!has) return;
  const width = the("timeline-picture").clientWidth;
  if (!width) return;
  const told = open.timing;
  const left = width < 420 ? 86 : 120;
  const scale = (time) => left + (told.end ? (time / told.end) * (width - left - RIGHT) : 0);
  if (drawn?.open !== open) pointed = null;
  drawn = { open, told, left, width, scale };
  const height = TOP + ROW * (told.lanes.length + 1);
  the("timeline-picture").replaceChildren(
    svg(
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      HATCH(),
      axis(),
      runLane(),
      told.lanes.map(lane),
      playhead(height),
    ),
  );
  tell(box, open);
  showTip();
}

const HATCH = () =>
  svg(
    "defs",
    {},
    svg(
      "pattern",
      { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { class: "hatch", width: 2.5, height: 6 }),
    ),
  );

function axis() {
  const { told, scale, width, left } = drawn;
  const most = Math.max(2, Math.floor((width - left) / 90));
  return marks(told.end, most).map((time) => [
    svg("line", {
      class: "mark",
      x1: scale(time),
      x2: scale(time),
      y1: TOP - 4,
      y2: TOP + ROW * (told.lanes.length + 1),
    }),
    svg(
      "text",
      {
        class: "mark-label",
        x: scale(time),
        y: 12,
        "text-anchor": scale(time) > width - 40 ? "end" : time ? "middle" : "start",
      },
      timeOnAxis(time),
    ),
  ]);
}

function row(number, label, children) {
  const y = TOP + ROW * number;
  const room = drawn.left - 12;
  const most = Math.floor(room / 6.6);
  return svg(
    "g",
    { transform: `translate(0 ${y})` },
    svg(
      "text",
      { class: "lane-label", x: 0, y: ROW / 2 + 4 },
      label.length > most ? `${label.slice(0, most - 1)}…` : label,
    ),
    children,
  );
}

function rect(from, to, name) {
  const { scale } = drawn;
  return svg("rect", {
    class: name,
    x: scale(from),
    y: (ROW - BAR) / 2,
    width: Math.max(3, scale(to) - scale(from)),
    height: BAR,
    rx: 4,
  });
}

function runLane() {
  const { told, scale } = drawn;
  const waits = told.waits.values();
  return row(
    0,
    "run",
    told.phases.map((phase) => {
      const wait = phase.phase === "waiting" ? waits.next().value : null;
      const room = scale(phase.end) - scale(phase.from);
      const label = wait ? `waited ${duration(wait.length)}` : phase.phase;
      return [
        rect(phase.from, phase.end, `phase phase-${phase.phase}`),
        phase.phase === "waiting" ? rect(phase.from, phase.end, "hatched") : null,
        room > label.length * 6.4 + 10
          ? svg("text", { class: `phase-label label-${phase.phase}`, x: scale(phase.from) + 7, y: ROW / 2 + 4 }, label)
          : null,
      ];
    }),
  );
}

function lane(one, at) {
  return row(at + 1, one.label, [
    rect(one.from, one.end, `step step-${one.kind} step-${one.status}`),
    svg("path", { class: `ticks ticks-${one.kind}`, d: ticks(one) }),
  ]);
}

/** One line each, unless two would be in the same place. */
function ticks(one) {
  let [path, last] = ["", -1];
  for (const { time } of one.ticks) {
    const x = Math.round(drawn.scale(time) * 2) / 2;
    if (x - last >= 1) path += `M${x} ${(ROW - BAR) / 2 + 3}v${BAR - 6}`;
    if (x - last >= 1) last = x;
  }
  return path;
}

function playhead(height) {
  const { open, told, scale } = drawn;
  if (open.atEnd && !open.playing && pointed === null) return null;
  const time = open.playhead ?? told.times[open.position - 1] ?? 0;
  return svg(
    "g",
    { class: "playhead" },
    svg("line", { x1: scale(time), x2: scale(time), y1: TOP - 6, y2: height }),
    svg("circle", { cx: scale(time), cy: TOP - 6, r: 4 }),
  );
}

/** The same for those who do not see it: it is a slider over the events. */
function tell(box, open) {
  give(box, "aria-valuemax", open.events.length);
  give(box, "aria-valuenow", open.position);
  give(box, "aria-valuetext", open.position ? sentence(open.position) : "before the first event");
}

function sentence(position) {
  const event = drawn.open.events[position - 1];
  return `Event ${position} of ${drawn.open.events.length}, after ${duration(drawn.told.real[position - 1])}: ${shortName(event.name)} ${describe(event)}`;
}

const KEYS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 10,
  PageDown: -10,
  Home: -Infinity,
  End: Infinity,
};

function moveByKey(event) {
  const { open } = state;
  if (event.key === " ") playOrPause();
  else if (open && event.key in KEYS) {
    open.seek(Math.min(open.events.length, Math.max(0, open.position + KEYS[event.key])));
    point(open.position);
  } else return;
  event.preventDefault();
}

export function playOrPause() {
  const { open } = state;
  if (!open?.events.length || open.live) return;
  if (open.playing) open.pause();
  else open.play();
  // What is pointed at stays behind while the playhead goes on; by keyboard it is where the playhead stops.
  point(!open.playing && document.activeElement === the("timeline") ? open.position : null);
}

function timeOf(event) {
  const { told, left, width } = drawn;
  const x = event.clientX - the("timeline-picture").getBoundingClientRect().left;
  return Math.max(0, Math.min(1, (x - left) / (width - left - RIGHT))) * told.end;
}

function seekTo(event) {
  if (drawn && state.open) state.open.seek(countUntil(drawn.told.times, timeOf(event)));
}

/** The event that is nearest to the pointer. */
function pointedAt(event) {
  if (!drawn) return;
  const { times } = drawn.told;
  const time = timeOf(event);
  const count = Math.max(1, countUntil(times, time));
  const next = times[count];
  point(next !== undefined && next - time < time - times[count - 1] ? count + 1 : count);
}

function point(position) {
  pointed = position;
  if (drawn) showTip();
}

function showTip() {
  const tip = the("tip");
  tip.hidden = !pointed || pointed > drawn.open.events.length;
  if (tip.hidden) return;
  const event = drawn.open.events[pointed - 1];
  tip.replaceChildren(
    h("strong", {}, `+${duration(drawn.told.real[pointed - 1])}`),
    ` ${shortName(event.name)} `,
    h("span", { class: "fine" }, describe(event).slice(0, 160)),
  );
  const x = drawn.scale(drawn.told.times[pointed - 1]);
  tip.style.left = `${Math.max(0, Math.min(drawn.width - tip.offsetWidth, x - tip.offsetWidth / 2))}px`;
}
