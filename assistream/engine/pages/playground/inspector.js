// What is known of the open run, beside the conversation: its numbers, its replay, its events, its steps.

import { list } from "./api.js";
import { give, h, icon, the } from "./dom.js";
import { asSent, EventList, inWords } from "./events.js";
import { failed } from "./notices.js";
import { state, watchOpen } from "./state.js";
import { playOrPause } from "./timeline.js";
import { duration, perSecond, rateWords } from "./timing.js";
import { moment, statusWords } from "./words.js";

const TABS = ["events", "frames", "steps", "object"];

export function showInspector() {
  const lists = { events: new EventList(the("event-list"), inWords), frames: new EventList(the("frame-list"), asSent) };
  the("play").onclick = playOrPause;
  the("speed").onchange = ({ target }) => state.open && (state.open.speed = Number(target.value));
  for (const tab of TABS) the(`tab-${tab}`).onclick = () => choose(tab, lists);
  the("tabs").onkeydown = (event) => byKey(event, lists);
  watchOpen(render);
}

function choose(chosen, lists) {
  for (const tab of TABS) {
    give(the(`tab-${tab}`), "aria-selected", String(tab === chosen));
    give(the(`tab-${tab}`), "tabindex", tab === chosen ? "0" : "-1");
    the(`panel-${tab}`).hidden = tab !== chosen;
  }
  lists[chosen]?.show(state.open);
  render(state.open);
}

function byKey(event, lists) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const now = TABS.findIndex((tab) => the(`tab-${tab}`).getAttribute("aria-selected") === "true");
  const next = TABS.at((now + step) % TABS.length);
  choose(next, lists);
  the(`tab-${next}`).focus();
}

function render(open) {
  const has = Boolean(open?.events.length);
  the("player").hidden = !has;
  the("numbers").hidden = !has;
  the("details").hidden = !has;
  the("run-status").replaceChildren(
    ...(open?.run ? [h("span", { class: `status status-${open.run.status}` }, statusWords(open.run.status))] : []),
  );
  the("run-id").textContent = open?.id ?? "";
  if (!has) return;
  the("numbers").replaceChildren(
    ...numbers(open).map(([name, value, hint]) => h("div", { title: hint }, h("dt", {}, name), h("dd", {}, value))),
  );
  player(open);
  const event = open.events[open.position - 1];
  the("frame-detail").textContent = event?.raw ?? "";
  if (!the("panel-object").hidden) the("run-object").textContent = JSON.stringify(open.story.run, null, 2);
  if (!the("panel-steps").hidden) showSteps(open);
}

function numbers(open) {
  const { counts } = open.timing;
  const usage = open.run?.usage;
  const rate = usage ? perSecond(usage.completion_tokens, counts.worked) : null;
  return [
    ["First token", duration(counts.first), "From the run's creation to its first delta"],
    ["Deltas/s", rateWords(counts.rate), "Deltas per second, while they came"],
    ...(rate === null ? [] : [["Tokens/s", rateWords(rate), "Completion tokens per second of work, without waits"]]),
    ["Total", duration(counts.total), "From the first event to the last"],
    ["Deltas", String(counts.deltas), "Pieces of messages and tool calls"],
    ...(counts.waited ? [["Waited", duration(counts.waited), "For outputs of tool calls"]] : []),
    ...(usage
      ? [
          [
            "Usage",
            `${usage.prompt_tokens} + ${usage.completion_tokens}`,
            "Prompt and completion tokens, as the model counts them",
          ],
        ]
      : []),
  ];
}

let playing = null;

function player(open) {
  const button = the("play");
  const label = open.playing ? "Pause" : "Replay";
  if (playing !== label) button.replaceChildren(icon(open.playing ? "pause" : "play"), h("span", {}, label));
  playing = label;
  button.disabled = open.live;
  the("speed").value = String(open.speed);
  const time = open.position ? open.timing.real[open.position - 1] : 0;
  the("place").textContent = `${open.position} of ${open.events.length} events · ${duration(time)}`;
}

let stepsOf = "";

/** As the API has them; asked for when somebody looks, and again when the run has changed. */
async function showSteps(open) {
  const wanted = `${open.id} ${open.run?.status}`;
  if (stepsOf === wanted || !open.id) return;
  stepsOf = wanted;
  try {
    const page = await list(`threads/${open.threadId}/runs/${open.id}/steps`, { order: "asc", limit: 100 });
    if (stepsOf === wanted) the("step-list").replaceChildren(...page.data.map(stepCard));
  } catch (error) {
    stepsOf = "";
    failed(error);
  }
}

function stepCard(step) {
  return h(
    "li",
    {},
    h(
      "details",
      {},
      h(
        "summary",
        {},
        h("span", { class: `status status-${step.status}` }, statusWords(step.status)),
        ` ${step.type.replaceAll("_", " ")} `,
        h("span", { class: "fine" }, moment(step.created_at)),
      ),
      h("pre", { tabindex: "0" }, JSON.stringify(step, null, 2)),
    ),
  );
}
