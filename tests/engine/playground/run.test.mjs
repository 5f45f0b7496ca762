import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { OpenRun } from "../../../assistream/engine/pages/playground/run.js";
import { FrameReader } from "../../../assistream/engine/pages/playground/sse.js";

function frames(name) {
  const text = readFileSync(new URL(`../../data/${name}.sse`, import.meta.url), "utf8");
  return new FrameReader()
    .feed(text)
    .filter((frame) => frame.event !== "done")
    .map((frame, at) => ({ ...frame, id: String(at + 1), at: 1000 + at * 100 }));
}

function opened(name = "plain_text", now = () => 1000) {
  const open = new OpenRun("run_1", "thread_1", now);
  for (const frame of frames(name)) open.add(frame);
  open.rest();
  return open;
}

test("it follows what comes, unless somebody looks at what was", () => {
  const open = new OpenRun("run_1", "thread_1");
  const [first, second, third, fourth] = frames("plain_text");
  open.add(first);
  open.add(second);
  assert.equal(open.position, 2);
  open.seek(1);
  open.add(third);
  assert.deepEqual([open.position, open.story.run.status], [1, JSON.parse(first.data).status]);
  open.seek(99);
  open.add(fourth);
  assert.deepEqual([open.position, open.atEnd], [4, true]);
});

test("whatever the way to an event, the story is the same", () => {
  const open = opened("two_functions");
  const straight = new Map();
  for (let position = 0; position <= open.events.length; position += 1) {
    open.seek(position);
    straight.set(position, JSON.stringify(open.story.items.map(({ version, ...item }) => item)));
  }
  for (const position of [3, 0, 12, 11, open.events.length, 1]) {
    open.seek(position);
    assert.equal(JSON.stringify(open.story.items.map(({ version, ...item }) => item)), straight.get(position));
  }
});

test("a replay has the pace at which it happened, times the speed", () => {
  const open = opened();
  open.speed = 2;
  open.play();
  const seen = [];
  for (let moment = 5000; open.playing; moment += 100) {
    open.advance(moment);
    seen.push(open.position);
  }
  assert.deepEqual(seen.slice(0, 4), [1, 3, 5, 7]);
  assert.equal(seen.at(-1), open.events.length);
});

test("it pauses, goes on from there, and begins anew at the end", () => {
  const open = opened();
  open.play();
  open.advance(0);
  open.advance(250);
  open.pause();
  assert.equal(open.position, 3);
  open.advance(9999);
  assert.equal(open.position, 3);
  open.play();
  open.advance(20_000);
  open.advance(20_100);
  assert.equal(open.position, 4);
  open.seek(open.events.length);
  assert.ok(!open.playing);
  open.play();
  assert.equal(open.position, 0);
});

test("calls are to be answered at the end only, and when nothing more comes", () => {
  const open = opened("two_functions");
  assert.equal(open.openCalls.length, 2);
  open.seek(3);
  assert.deepEqual(open.openCalls, []);
  open.resume();
  assert.deepEqual([open.openCalls, open.atEnd], [[], true]);
});

test("where to go on: the leg that begins after outputs were awaited", () => {
  const open = opened("two_functions");
  assert.deepEqual([open.leg, open.last], [open.last, String(open.events.length)]);
  assert.deepEqual([opened().leg, new OpenRun(null, null).last], ["0", null]);
});

test("it tells of every change", () => {
  const open = opened();
  let changes = 0;
  open.addEventListener("change", () => (changes += 1));
  open.seek(1);
  open.play();
  open.pause();
  assert.equal(changes, 3);
});

test("time goes on by the engine's clock while the run does", () => {
  let now = 500;
  const open = new OpenRun("run_1", "thread_1", () => now);
  const [first, second] = frames("plain_text");
  open.add(first);
  open.add(second);
  now += 700;
  assert.equal(open.timing.end, 800);
});
