// The events of the open run as a list, in words or as they came over the wire; the same place as in the timeline.

import { give, h } from "./dom.js";
import { state, watchOpen } from "./state.js";
import { duration } from "./timing.js";
import { describe, shortName } from "./words.js";

/** What a row says in words. */
export function inWords(event, number, time) {
  return [
    h("span", { class: "time" }, `+${duration(time)}`),
    h("span", { class: `name ${kindOf(event.name)}` }, shortName(event.name)),
    h("span", { class: "what" }, describe(event)),
  ];
}

/** What came over the wire. */
export function asSent(event) {
  return h("pre", {}, event.raw);
}

function kindOf(name) {
  return name.startsWith("thread.message") ? "of-message" : name.startsWith("thread.run.step") ? "of-step" : "of-run";
}

/** Rows are only added, and only those are touched whose state has changed: a run has thousands. */
export class EventList {
  #box;
  #row;
  #told = null;
  #rows = [];
  #position = 0;

  /** `box` is the element; `row` makes what is in a row. */
  constructor(box, row) {
    this.#box = box;
    this.#row = row;
    box.onkeydown = (event) => this.#key(event);
    box.onclick = (event) => this.#click(event);
    watchOpen((open) => this.show(open));
    // On a phone it may not be there when its rows come.
    new ResizeObserver(() => this.#rows[this.#position - 1] && this.#reveal(this.#rows[this.#position - 1])).observe(
      box,
    );
  }

  show(open) {
    if (this.#box.closest(".panel").hidden) return;
    if (open !== this.#told) this.#begin(open);
    if (!open) return;
    const { real } = open.events.length > this.#rows.length ? open.timing : {};
    const added = open.events
      .slice(this.#rows.length)
      .map((event, at) => this.#make(event, this.#rows.length + at, real));
    this.#box.append(...added);
    this.#rows.push(...added);
    this.#mark(open.position);
  }

  #begin(open) {
    this.#told = open;
    this.#rows = [];
    this.#position = 0;
    this.#box.replaceChildren();
    this.#box.removeAttribute("aria-activedescendant");
  }

  #make(event, at, real) {
    return h(
      "li",
      { id: `${this.#box.id}-${at + 1}`, role: "option", class: "later", data: { position: at + 1 } },
      this.#row(event, at + 1, real[at]),
    );
  }

  #mark(position) {
    const [from, to] = [Math.min(position, this.#position), Math.max(position, this.#position)];
    for (const row of this.#rows.slice(from, to)) row.classList.toggle("later", position < this.#position);
    const before = this.#rows[this.#position - 1];
    const now = this.#rows[position - 1];
    if (before && before !== now) give(before, "aria-selected", null);
    if (now) give(now, "aria-selected", "true");
    give(this.#box, "aria-activedescendant", now?.id);
    if (now && position !== this.#position) this.#reveal(now);
    this.#position = position;
  }

  /** Inside of its box alone: the page stays where it is. */
  #reveal(row) {
    const [box, top] = [this.#box, row.offsetTop];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top + row.offsetHeight - box.clientHeight;
  }

  #click(event) {
    const row = event.target.closest("li");
    // Words that are being selected are no choice of a row.
    if (row && getSelection().isCollapsed) state.open.seek(Number(row.dataset.position));
  }

  #key(event) {
    const { open } = state;
    const places = { ArrowDown: open?.position + 1, ArrowUp: open?.position - 1, Home: 1, End: open?.events.length };
    if (!open || !(event.key in places)) return;
    event.preventDefault();
    open.seek(Math.max(1, places[event.key]));
  }
}
