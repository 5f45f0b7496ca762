import assert from "node:assert/strict";
import { test } from "node:test";
import { ordered } from "../../../assistream/engine/pages/playground/order.js";

const user = (id, created_at) => ({ id, role: "user", run_id: null, created_at });
const answer = (id, run_id, created_at) => ({ id, role: "assistant", run_id, created_at });
const run = (id, created_at, status = "completed") => ({ id, created_at, status });
const opened = (run, more = {}) => ({ id: run?.id, run, events: [1], story: { error: null }, live: false, ...more });
const shown = (state) =>
  ordered({ messages: [], runs: [], earlier: false, pending: null, open: null, ...state }).map(
    ({ kind, message, run }) => message?.id ?? run?.id ?? kind,
  );

test("a run comes before what it said, also when all was in one second", () => {
  const messages = [user("q1", 5), answer("a1", "r1", 5), user("q2", 5), answer("a2", "r2", 5), answer("b2", "r2", 5)];
  const runs = [run("r2", 5), run("r1", 5)];
  assert.deepEqual(shown({ messages, runs }), ["q1", "r1", "a1", "q2", "r2", "a2", "b2"]);
});

test("a run that said nothing comes before what was said later, or at the end", () => {
  const messages = [user("q1", 1), user("q2", 9)];
  assert.deepEqual(shown({ messages, runs: [run("r2", 9, "failed"), run("r1", 2, "failed")] }), [
    "q1",
    "r1",
    "q2",
    "r2",
  ]);
});

test("what the open run has said is told by its story", () => {
  const messages = [user("q1", 1), answer("a1", "r1", 2), user("q2", 3), answer("a2", "r2", 4)];
  const runs = [run("r2", 3), run("r1", 1)];
  assert.deepEqual(shown({ messages, runs, open: opened(runs[1]) }), ["q1", "r1", "q2", "r2", "a2"]);
  const lost = opened(runs[1], { story: { error: { message: "no events" } } });
  assert.deepEqual(shown({ messages, runs, open: lost }), ["q1", "r1", "a1", "q2", "r2", "a2"]);
});

test("what is being sent, and the run that comes of it", () => {
  const messages = [user("q1", 1), answer("a1", "r1", 2)];
  const runs = [run("r1", 1)];
  const sending = opened(null, { live: true, events: [] });
  assert.deepEqual(shown({ messages, runs, pending: {}, open: sending }), ["q1", "r1", "a1", "pending", "thinking"]);
  const begun = opened(run("r2", 3, "queued"), { live: true });
  assert.deepEqual(shown({ messages, runs, pending: {}, open: begun }), ["q1", "r1", "a1", "pending", "r2"]);
});

test("runs of messages that are not here yet", () => {
  const messages = [user("q9", 90), answer("a9", "r9", 91)];
  const runs = [run("r9", 90), run("r1", 10, "failed")];
  assert.deepEqual(shown({ messages, runs, earlier: true }), ["earlier", "q9", "r9", "a9"]);
  assert.deepEqual(shown({ messages, runs: [], open: opened(run("r9", 90)) }), ["q9", "r9"]);
});

test("nothing", () => assert.deepEqual(shown({}), []));
