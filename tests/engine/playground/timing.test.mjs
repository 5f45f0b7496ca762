import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countUntil,
  duration,
  LONGEST_WAIT,
  marks,
  perSecond,
  rateWords,
  timeOnAxis,
  timing,
} from "../../../assistream/engine/pages/playground/timing.js";

const run = (status) => ({ name: `thread.run.${status}`, data: { object: "thread.run", status } });
const message = { type: "message_creation", message_creation: { message_id: "msg_1" } };
const stepEvent = (id, status, details) => ({
  name: `thread.run.step.${status === "new" ? "created" : status}`,
  data: { id, status: status === "new" ? "in_progress" : status, step_details: details },
});
const word = { name: "thread.message.delta", data: { id: "msg_1", delta: { content: [] } } };
const called = (id, index, name) => ({
  name: "thread.run.step.delta",
  data: {
    id,
    delta: { step_details: { tool_calls: [{ index, type: "function", function: { name, arguments: "" } }] } },
  },
});
const at = (...rows) => rows.map(([time, event]) => ({ ...event, at: time }));

const calls = { type: "tool_calls", tool_calls: [] };
const EVENTS = at(
  [1000, run("created")],
  [1010, run("in_progress")],
  [1050, stepEvent("step_1", "new", calls)],
  [1100, called("step_1", 0, "look")],
  [1200, called("step_1", 1, "look")],
  [1300, run("requires_action")],
  [61300, stepEvent("step_1", "completed", calls)],
  [61310, run("queued")],
  [61320, run("in_progress")],
  [61400, stepEvent("step_2", "new", message)],
  [61500, word],
  [61600, word],
  [61700, word],
  [61800, stepEvent("step_2", "completed", message)],
  [61800, run("completed")],
);

test("a lane for each step, with a tick for each delta", () => {
  const { lanes } = timing(EVENTS);
  assert.deepEqual(
    lanes.map(({ kind, label, status, ticks }) => [kind, label, status, ticks.length]),
    [
      ["tools", "2× look", "completed", 2],
      ["message", "message", "completed", 3],
    ],
  );
  assert.deepEqual(lanes[0].ticks[0], { time: 100, index: 3 });
});

test("a long wait for outputs is cut short on the axis, and counted in full", () => {
  const { times, real, waits, counts, phases, end } = timing(EVENTS);
  assert.deepEqual([real[6], times[6]], [60300, 300 + LONGEST_WAIT]);
  assert.equal(end, times.at(-1));
  assert.deepEqual(waits, [{ began: 300, length: 60000, cut: 60000 - LONGEST_WAIT }]);
  assert.deepEqual([counts.first, counts.total, counts.waited, counts.deltas, counts.rate], [100, 60800, 60000, 5, 10]);
  assert.deepEqual(
    phases.map(({ phase }) => phase),
    ["queued", "working", "waiting", "queued", "working"],
  );
  assert.deepEqual(phases[2], { phase: "waiting", from: 300, end: 310 + LONGEST_WAIT });
});

test("what a run worked, and what that makes for each second", () => {
  const { counts } = timing(EVENTS);
  assert.equal(counts.worked, 290 + 480);
  assert.deepEqual(
    [perSecond(77, counts.worked), perSecond(0, 5), perSecond(5, 0), timing([]).counts.worked],
    [100, null, null, 0],
  );
  assert.deepEqual([null, 9.46, 28.4].map(rateWords), ["–", "9.5", "28"]);
});

test("times never go back on the axis", () => {
  for (let length = 0; length <= EVENTS.length; length += 1) {
    const { times, end } = timing(EVENTS.slice(0, length), 70000);
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    );
    assert.ok(end >= (times.at(-1) ?? 0));
  }
  const [first, second] = timing(at([2000, run("created")], [1000, run("in_progress")])).times;
  assert.ok(second >= first);
});

test("what is not over goes on until now", () => {
  const { lanes, end, phases } = timing(EVENTS.slice(0, 4), 1500);
  assert.deepEqual([end, lanes[0].end, lanes[0].to, phases.at(-1).end], [500, 500, null, 500]);
});

test("events whose times nobody knows are in their order", () => {
  const { times, counts } = timing(EVENTS.map((event) => ({ ...event, at: null })));
  assert.equal(new Set(times).size, times.length);
  assert.ok(counts.total > 0);
});

test("nothing yet", () => {
  const { lanes, times, end, counts } = timing([], 5);
  assert.deepEqual([lanes, times, end, counts.first, counts.rate, counts.total], [[], [], 0, null, null, null]);
});

test("words for times", () => {
  assert.deepEqual([null, 0, 840, 3200, 42000, 252000].map(duration), [
    "–",
    "0 ms",
    "840 ms",
    "3.20 s",
    "42.0 s",
    "4 min 12 s",
  ]);
  assert.deepEqual([0, 200, 1500, 2000].map(timeOnAxis), ["0", "200 ms", "1.5 s", "2 s"]);
  assert.deepEqual(marks(1000, 5), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(marks(0), [0]);
  assert.ok(marks(1234567).length <= 6);
});

test("how many events there were by a time", () => {
  assert.deepEqual(
    [-1, 0, 5, 10, 99].map((time) => countUntil([0, 0, 10, 20], time)),
    [0, 2, 2, 3, 4],
  );
});
