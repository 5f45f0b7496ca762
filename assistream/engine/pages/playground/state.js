// What the page knows. Whoever shows a part of it is told, once, after that part has changed.

export const state = {
  assistants: [],
  assistantId: null,
  threads: [],
  moreThreads: false,
  /** The thread that is open, and what is known of it; null for a new one. */
  thread: null,
  messages: [],
  earlier: false,
  runs: [],
  /** The `OpenRun`. */
  open: null,
  /** What was said and is not in the thread yet. */
  pending: null,
};

const watchers = [];
let changed = null;

/** Call `show` whenever one of these parts of the state has changed. */
export function watch(parts, show) {
  watchers.push([parts, show]);
}

export function change(parts) {
  Object.assign(state, parts);
  if (!changed) queueMicrotask(tellAll);
  changed = new Set([...(changed ?? []), ...Object.keys(parts)]);
}

function tellAll() {
  const parts = changed;
  changed = null;
  for (const [wanted, show] of watchers) if (wanted.some((part) => parts.has(part))) show();
}

/** Call `show` with the run that is open, in the next picture after anything about it has changed. */
export function watchOpen(show) {
  let [shown, due] = [null, false];
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      show(state.open);
    });
  };
  watch(["open"], () => {
    shown?.removeEventListener("change", soon);
    shown = state.open;
    shown?.addEventListener("change", soon);
    soon();
  });
}

export function assistantOf(id = state.assistantId) {
  return state.assistants.find((one) => one.id === id) ?? null;
}
