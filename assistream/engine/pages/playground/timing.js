// When things happened in a run: bars for its steps, ticks for its deltas, and what can be counted. No DOM.

/** Milliseconds at which a wait for tool outputs is drawn: what a person took to answer would press the rest flat. */
export const LONGEST_WAIT = 1500;
/** Milliseconds between events of which the engine did not note the times. */
const GUESS = 20;

const DELTAS = new Set(["thread.message.delta", "thread.run.step.delta"]);

/**
 * What to draw for the events `{name, data, at}`, in milliseconds since the first; `now` is the time up to which what
 * is not over has gone on. `times` are the events' places on an axis on which long waits are cut short.
 */
export function timing(events, now = null) {
  const real = sinceFirst(events);
  const waits = waitsOf(events, real);
  const times = real.map((time) => shortened(time, waits));
  const last = events.length ? times.at(-1) : 0;
  const end = now === null || !events.length ? last : Math.max(last, shortened(now - (events[0].at ?? now), waits));
  const lanes = lanesOf(events, times, end);
  const phases = phasesOf(events, times, end);
  return {
    times,
    real,
    end,
    lanes,
    waits,
    phases,
    counts: { ...countsOf(events, real, waits), worked: workedOf(phases) },
  };
}

function sinceFirst(events) {
  let last = 0;
  const first = events.find((event) => event.at !== null)?.at ?? 0;
  // Never backwards: a clock that was set back, or a run that another machine went on with, must not draw to the left.
  return events.map(
    (event, index) => (last = event.at === null ? last + (index ? GUESS : 0) : Math.max(last, event.at - first)),
  );
}

/** From each `requires_action` to the event after it: `{from, real, cut}`, where it began and what was taken out of it. */
function waitsOf(events, real) {
  return events.flatMap(({ name }, index) => {
    if (name !== "thread.run.requires_action" || index + 1 === events.length) return [];
    const length = real[index + 1] - real[index];
    return [{ began: real[index], length, cut: Math.max(0, length - LONGEST_WAIT) }];
  });
}

function shortened(time, waits) {
  return waits.reduce(
    (left, wait) => left - Math.min(wait.cut, Math.max(0, time - wait.began - (wait.length - wait.cut))),
    time,
  );
}

/** One lane for each step, in their order: `{id, kind, label, status, from, to, ticks}`; `to` is null while it goes on. */
function lanesOf(events, times, end) {
  const lanes = new Map();
  const writes = new Map(); // messages, and the steps that write them
  events.forEach(({ name, data }, index) => {
    if (name === "thread.run.step.delta") tick(lanes.get(data.id), data.delta, times[index], index);
    else if (name === "thread.message.delta") tick(lanes.get(writes.get(data.id)), {}, times[index], index);
    else if (name.startsWith("thread.run.step.")) bar(lanes, writes, data, times[index]);
  });
  return [...lanes.values()].map((lane) => ({ ...lane, end: lane.to ?? end }));
}

function bar(lanes, writes, step, time) {
  const details = step.step_details;
  if (details.type === "message_creation") writes.set(details.message_creation.message_id, step.id);
  const kind = details.type === "message_creation" ? "message" : "tools";
  const lane = lanes.get(step.id) ?? { id: step.id, kind, names: [], from: time, to: null, ticks: [] };
  lanes.set(step.id, lane);
  if (details.tool_calls?.length) lane.names = details.tool_calls.map(nameOf);
  lane.status = step.status;
  lane.label = labelOf(lane);
  if (step.status !== "in_progress") lane.to = time;
}

function tick(lane, delta, time, index) {
  if (!lane) return;
  lane.ticks.push({ time, index });
  for (const call of delta.step_details?.tool_calls ?? []) {
    if (call.function?.name || call.type !== "function") lane.names[call.index] ??= nameOf(call);
  }
  lane.label = labelOf(lane);
}

export function nameOf(call) {
  return call.type === "function" ? (call.function?.name ?? "function") : call.type;
}

function labelOf(lane) {
  if (lane.kind === "message") return "message";
  const counts = new Map();
  for (const name of lane.names.filter(Boolean)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${count}× ${name}` : name)).join(", ") || "tool calls";
}

const PHASES = new Map([
  ["thread.run.created", "queued"],
  ["thread.run.queued", "queued"],
  ["thread.run.in_progress", "working"],
  ["thread.run.requires_action", "waiting"],
  ["thread.run.cancelling", "cancelling"],
]);
const ENDS = new Set(
  ["completed", "failed", "cancelled", "expired", "incomplete"].map((status) => `thread.run.${status}`),
);

/** What the run as a whole did: `{phase, from, end}`. */
function phasesOf(events, times, end) {
  const phases = [];
  events.forEach(({ name }, index) => {
    const phase = PHASES.get(name);
    const open = phases.at(-1);
    if ((phase && phase !== open?.phase) || ENDS.has(name)) {
      if (open && open.end === null) open.end = times[index];
      if (phase) phases.push({ phase, from: times[index], end: null });
    }
  });
  return phases.map((phase) => ({ ...phase, end: phase.end ?? end }));
}

/** Milliseconds, and deltas per second while there were any; null where there is nothing to tell yet. */
function countsOf(events, real, waits) {
  const begun = events.findIndex(({ name }) => name === "thread.run.created" || name === "thread.run.queued");
  const deltas = events.flatMap(({ name }, index) => (DELTAS.has(name) ? [index] : []));
  const first = deltas.length ? real[deltas[0]] - real[Math.max(begun, 0)] : null;
  const total = events.length ? real.at(-1) - real[0] : null;
  const waited = waits.reduce((sum, wait) => sum + wait.length, 0);
  return { first, total, waited, deltas: deltas.length, rate: rateOf(events, real, deltas) };
}

/** Not what the run waited, for its turn or for outputs; nothing is cut short in what it worked. */
function workedOf(phases) {
  return phases.reduce((sum, { phase, from, end }) => sum + (phase === "working" ? end - from : 0), 0);
}

function rateOf(events, real, deltas) {
  let [spans, time] = [0, 0];
  for (let place = 1; place < deltas.length; place += 1) {
    const [before, index] = [deltas[place - 1], deltas[place]];
    if (events[before].data.id !== events[index].data.id) continue; // between steps nothing is being written
    spans += 1;
    time += real[index] - real[before];
  }
  return perSecond(spans, time);
}

/** So many in so many milliseconds, for each second; null where there is nothing to tell. */
export function perSecond(count, milliseconds) {
  return count && milliseconds > 0 ? (count * 1000) / milliseconds : null;
}

/** "9.5", "28" */
export function rateWords(rate) {
  return rate === null ? "–" : rate.toFixed(rate < 10 ? 1 : 0);
}

/** "840 ms", "3.2 s", "4 min 12 s" */
export function duration(milliseconds) {
  if (milliseconds === null) return "–";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** Where an axis of this length has its marks: at most about `most`, at 1, 2 or 5 times a power of ten. */
export function marks(end, most = 5) {
  if (end <= 0) return [0];
  const least = end / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, number) => number * step);
}

export function timeOnAxis(time) {
  if (time === 0) return "0";
  return time < 1000 ? `${Math.round(time)} ms` : `${Number((time / 1000).toFixed(2))} s`;
}

/** The last of `times` that is not after `time`, as a count of events. */
export function countUntil(times, time) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
