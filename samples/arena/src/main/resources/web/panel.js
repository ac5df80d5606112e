// The panel beside the stage: connection, people, chat, what was recovered, the event log. Text goes in as text.
import { safeColour } from "./world.js";

export const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === "colour") node.style.setProperty("--who", safeColour(value));
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
};
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

const STATUS = {
  offline: "Not connected",
  connecting: "Connecting…",
  connected: "Connected",
  away: "Cut off",
  reconnecting: "Reconnecting…",
  refused: "Session ended",
};

export function showStatus(state, { transport, session, node, attempt } = {}) {
  document.body.dataset.state = state;
  const text = attempt > 1 ? `${STATUS[state]} attempt ${attempt}` : STATUS[state];
  if ($("status-text").textContent !== text) $("status-text").textContent = text;
  const online = state === "connected";
  $("transport").textContent = online ? transport || "–" : "none";
  $("session").textContent = session || "–";
  $("node").textContent = node || "–";
  $("cut").disabled = !online;
  if (state !== "away") {
    if ($("away").contains(document.activeElement)) $("world").focus({ preventScroll: true });
    $("away").hidden = true;
    $("cut-text").textContent = online ? "Cut the connection" : state === "connecting" ? "Connecting…" : "Reconnecting…";
  }
}

export function showAway({ left, total }) {
  const seconds = (left / 1000).toFixed(1);
  $("away").hidden = false;
  $("away-left").textContent = Math.ceil(left / 1000);
  $("ring").style.strokeDashoffset = 100 - (left / total) * 100;
  $("cut-text").textContent = `Back in ${seconds} s`;
}

const SIGNS = { away: "away", reconnecting: "connection lost" };

export function showPeople(people, myId) {
  $("people-count").textContent = people.length;
  const sorted = [...people].sort((a, b) => (b.id === myId) - (a.id === myId) || a.name.localeCompare(b.name));
  $("people-list").replaceChildren(
    ...sorted.map((player) =>
      make("li", { colour: player.colour, "data-player": player.id, "data-status": player.status, class: player.id === myId ? "me" : undefined },
        make("span", { class: "face", "aria-hidden": "true" }), make("span", { class: "name" }, player.name),
        ...(player.id === myId ? [make("span", { class: "you" }, "you")] : []),
        ...(SIGNS[player.status] && !(player.id === myId && player.status === "reconnecting") ? [make("span", { class: "sign" }, SIGNS[player.status])] : []))),
  );
  if (people.length <= 1) $("people-list").append(make("li", { class: "alone" }, "Nobody else yet. Open a second tab."));
}

/** How many are in the other zones; `zones` are {title, count}. */
export function showElsewhere(zones) {
  $("elsewhere").textContent = zones.map(({ title, count }) => `${title} ${count}`).join(" · ");
}

/** Draws the chat of a zone: messages, the ones said during an absence marked, and those on their way. */
export function showChat(zoneTitle, messages, pending, myId, onRetry) {
  const log = $("chat-log");
  const items = [];
  let missedBefore = false, previous = null;
  for (const said of messages) {
    if (said.missed && !missedBefore) items.push(make("li", { class: "divider" }, "while you were away"));
    if (!said.missed && missedBefore) items.push(make("li", { class: "divider end" }, "back again"));
    missedBefore = Boolean(said.missed);
    const follows = previous && previous.from === said.from && Boolean(previous.missed) === missedBefore && said.at - previous.at < 120_000;
    items.push(
      make("li", { class: `said${said.missed ? " missed" : ""}${said.from === myId ? " mine" : ""}${follows ? " follows" : ""}`, colour: said.colour, "data-seq": said.seq },
        ...(follows ? [] : [make("span", { class: "by" }, make("b", {}, said.fromName), make("time", { datetime: new Date(said.at).toISOString() }, clock.format(said.at)))]),
        make("span", { class: "text" }, said.text)),
    );
    previous = said;
  }
  for (const draft of pending) {
    const again = draft.failed && make("button", { type: "button", class: "again" }, "Send again");
    if (again) again.addEventListener("click", () => onRetry(draft));
    items.push(make("li", { class: `said mine pending${draft.failed ? " failed" : ""}` }, make("span", { class: "text" }, draft.text),
      make("span", { class: "fine" }, draft.failed ? draft.failed + " " : draft.waiting ? "goes out when you are back" : "sending…"), ...(again ? [again] : [])));
  }
  if (!items.length) items.push(make("li", { class: "empty" }, `It is quiet in ${zoneTitle}. Say hello.`));
  log.replaceChildren(...items);
  stick();
}

// The newest message stays in sight, also when the panel around the log changes its size, until one scrolls back.
let atEnd = true;
const stick = () => atEnd && ($("chat-log").scrollTop = $("chat-log").scrollHeight);
export function scrollToNewest() {
  atEnd = true;
  stick();
}
$("chat-log").addEventListener("wheel", noteScroll, { passive: true });
$("chat-log").addEventListener("touchmove", noteScroll, { passive: true });
$("chat-log").addEventListener("keyup", noteScroll);
$("chat-log").addEventListener("scrollend", noteScroll);
function noteScroll() {
  const log = $("chat-log");
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}
new ResizeObserver(stick).observe($("chat-log"));

export function showNote(text, kind = "") {
  $("chat-note").textContent = text;
  $("chat-note").dataset.kind = kind;
}

/** What came of a reconnection. `lines` are {kind, who, colour, text}. */
export function showRecovery({ recovered, lines, awayMillis }) {
  const said = lines.filter((line) => line.kind === "said").length;
  const box = $("recovered");
  box.dataset.recovered = recovered;
  box.hidden = false;
  $("recovered-count").textContent = lines.length;
  $("recovered-count").hidden = !recovered;
  const away = awayMillis ? `${(awayMillis / 1000).toFixed(1)} s` : "a moment";
  if (!recovered) $("recovered-text").textContent = "The session could not be recovered";
  else if (!lines.length) $("recovered-text").textContent = "events to catch up on. It stayed quiet while you were away";
  else if (said === lines.length) $("recovered-text").textContent = `${said === 1 ? "message" : "messages"} said while you were away, recovered`;
  else $("recovered-text").textContent = `${lines.length === 1 ? "event" : "events"} from while you were away, recovered`;
  $("recovered-fine").textContent = recovered
    ? `Same session, ${away} offline.${lines.length > 1 ? " Each event once, in order." : ""}`
    : "You were away too long, or the server began anew. A fresh snapshot of the world was loaded by REST.";
  $("recovered-list").replaceChildren(
    ...lines.slice(-6).map((line) => make("li", { class: `line-${line.kind}`, colour: line.colour }, make("b", {}, line.who), " ", line.text)),
  );
  if (lines.length > 6) $("recovered-list").prepend(make("li", { class: "line-more" }, `${lines.length - 6} more above`));
}
export const hideRecovery = () => ($("recovered").hidden = true);

let logged = 0;
export function log(kind, text) {
  const list = $("events-list");
  list.prepend(make("li", { "data-kind": kind }, make("time", {}, clockSeconds.format(Date.now())), make("span", {}, text)));
  while (list.children.length > 200) list.lastChild.remove();
  $("events-count").textContent = ++logged;
}

export function toast(text, kind = "") {
  const item = make("p", { "data-kind": kind }, text);
  $("toasts").append(item);
  while ($("toasts").children.length > 3) $("toasts").firstChild.remove();
  setTimeout(() => item.remove(), 5500);
}

/** A notice over the stage that waits for a decision. */
export function ask(text, label, action) {
  const button = make("button", { type: "button", class: "quiet" }, label);
  const item = make("p", { "data-kind": "ask" }, make("span", {}, text), button);
  button.addEventListener("click", () => {
    item.remove();
    action();
  });
  $("toasts").replaceChildren(item);
}
