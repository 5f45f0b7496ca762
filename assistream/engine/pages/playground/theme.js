// Dark or light: as the system has it, until a person chooses.

import { the } from "./dom.js";
import { announce } from "./notices.js";

const THEME = "assistream-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export function showTheme() {
  set(localStorage.getItem(THEME));
  the("theme").onclick = toggle;
}

function set(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

export function toggle() {
  const now = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  localStorage.setItem(THEME, next);
  set(next);
  announce(`The page is ${next}.`);
}
