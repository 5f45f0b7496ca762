// The run that is open: its events, and the story told up to one of them, which is the last unless it is replayed.

import { createStory, isOver, openCalls, tell } from "./story.js";
import { countUntil, timing } from "./timing.js";

export class OpenRun extends EventTarget {
  events = [];
  story = createStory();
  /** How many events the story was told. */
  position = 0;
  /** Whether events may come that are not here yet. */
  live = true;
  /** Whether it is to be stopped. */
  unwanted = false;
  playing = false;
  speed = 1;
  #latest = null;
  #clock = null;
  #timing = null;
  /** What the engine's clock is ahead of ours, by the event that took the least time to come. */
  #ahead = -Infinity;

  constructor(id, threadId, now = Date.now) {
    super();
    Object.assign(this, { id, threadId, now });
  }

  /** The run as the last event has it, wherever the story is. */
  get run() {
    return this.#latest;
  }

  /** The number of the last event. */
  get last() {
    return this.events.at(-1)?.id ?? null;
  }

  /** The number of the event before the leg that is being told: one ends where outputs are awaited. */
  get leg() {
    return this.events.findLast(({ name }) => name === "thread.run.requires_action")?.id ?? "0";
  }

  get atEnd() {
    return this.position === this.events.length;
  }

  /** The calls that a person is to answer now. */
  get openCalls() {
    return this.atEnd && !this.live ? openCalls(this.#latest) : [];
  }

  /** See `timing`. Several parts of the page ask for the same one. */
  get timing() {
    const now = this.live && this.events.length && !isOver(this.#latest) ? this.now() + this.#ahead : null;
    const made = `${this.events.length} ${now}`;
    if (this.#timing?.made !== made) this.#timing = { made, told: timing(this.events, now) };
    return this.#timing.told;
  }

  add(frame) {
    const event = { id: frame.id, name: frame.event, data: JSON.parse(frame.data), at: frame.at, raw: frame.raw };
    const following = this.atEnd;
    this.events.push(event);
    if (event.at !== null) this.#ahead = Math.max(this.#ahead, event.at - this.now());
    if (event.data?.object === "thread.run") this.#latest = event.data;
    if (following) this.#move(this.events.length);
    this.changed();
  }

  /** No more events come, for now. */
  rest() {
    this.live = false;
    this.changed();
  }

  resume() {
    this.live = true;
    this.seek(this.events.length);
  }

  seek(position) {
    this.pause();
    this.#move(Math.max(0, Math.min(position, this.events.length)));
    this.changed();
  }

  /** From here on, or from the beginning, at the pace at which it happened, times `speed`. */
  play() {
    if (this.atEnd) this.#move(0);
    this.playing = true;
    this.#clock = null;
    this.changed();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  /** The time of the playback, in milliseconds of `timing`; null where there is none. */
  get playhead() {
    return this.playing ? (this.#clock?.time ?? this.#timeAt(this.position)) : null;
  }

  /** Play on up to this moment of a monotonic clock. */
  advance(moment) {
    if (!this.playing) return;
    this.#clock ??= { moment, time: this.#timeAt(this.position) };
    this.#clock.time += (moment - this.#clock.moment) * this.speed;
    this.#clock.moment = moment;
    const { times } = this.timing;
    this.#move(Math.max(this.position, countUntil(times, this.#clock.time)));
    if (this.atEnd) this.playing = false;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  #timeAt(position) {
    return position ? this.timing.times[position - 1] : 0;
  }

  #move(position) {
    if (position < this.position) {
      this.story = createStory();
      this.position = 0;
    }
    while (this.position < position) tell(this.story, this.events[this.position++]);
  }
}
