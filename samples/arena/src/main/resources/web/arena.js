// The page: who I am, which zone I am in, what is known of it, and how the parts hear of each other.
import { moodOf } from "./art/zones.js";
import { ELSEWHERE, ENDED, Link, short } from "./link.js";
import { Market } from "./market.js";
import { $, ask, hideRecovery, log, scrollToNewest, showAway, showChat, showElsewhere, showNote, showPeople, showRecovery, showStatus, toast } from "./panel.js";
import { People } from "./people.js";
import { Post } from "./post.js";
import { login, Refused, world as readWorld } from "./rest.js";
import { Table } from "./table.js";
import { World } from "./world.js";

const AWAY_MILLIS = 4000;
const NAME = /^[\p{L}\p{N}_\- ]{2,16}$/u;
const MAX_MESSAGES = 200;

let token = null;
let player = null;
let node = null;
let link = null;
let zone = null; // the zone the server has confirmed
let entering = false;
let cutAt = 0;
let relogins = 0;
let lastRecovery = null;
let caughtUp = []; // while a replay runs: what happened in my zone meanwhile, as {event, payload, line}
const people = new People();
const chat = new Map(); // zone -> Map(key -> said)
let drafts = [];

const table = new Table(() => player);
const market = new Market();
const post = new Post(() => player);

const world = new World($("world"), {
  onMove: (x, y) => link?.move(x, y),
  onZone: () => enterZone(),
});

const titleOf = (id) => world.zones.find((z) => z.id === id)?.title ?? id ?? "";

/* ------------------------------------------------------------- entry */

try {
  $("name").value = localStorage.getItem("arena:name") ?? "";
} catch {
  // Storage may be switched off; the name is then typed each time.
}
$("name").focus();
$("name").addEventListener("input", () => setEntryError(""));
$("entry-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("name").value.trim().replace(/\s+/g, " ");
  if (!NAME.test(name)) return setEntryError(name ? "Please use 2–16 letters, digits, spaces, - or _." : "Please give a name.");
  $("enter").disabled = true;
  $("entry").dataset.busy = "";
  try {
    await enterWorld(name);
    try {
      localStorage.setItem("arena:name", name);
    } catch {
      // As above.
    }
  } catch (refused) {
    setEntryError(refused.message);
  } finally {
    $("enter").disabled = false;
    delete $("entry").dataset.busy;
  }
});

function setEntryError(text) {
  $("entry-error").textContent = text;
  $("name").toggleAttribute("aria-invalid", Boolean(text));
  if (text) $("name").focus();
}

async function enterWorld(name) {
  if (!(await goOnAs(name))) {
    await logInAs(name);
    await loadSnapshot();
  }
  document.body.dataset.screen = "world";
  $("entry").inert = true;
  $("world").focus({ preventScroll: true });
  if (!link.connected) return connect();
  try {
    await link.authenticate(token);
    enterZone(true);
  } catch {
    connect(); // with the token from the beginning
  }
}

/** A page that is loaded again is the same player, and so is a tab that was duplicated: of the two, the newer plays. */
async function goOnAs(name) {
  try {
    const before = JSON.parse(sessionStorage.getItem("arena:login"));
    if (before?.player.name !== name) return false;
    ({ token, player } = before);
    await loadSnapshot();
    return true;
  } catch {
    token = player = null; // the login is over, or nothing was stored
    return false;
  }
}

async function logInAs(name) {
  ({ token, player } = await login(name));
  try {
    sessionStorage.setItem("arena:login", JSON.stringify({ token, player }));
  } catch {
    // Storage may be switched off; the page is then somebody else when it is loaded again.
  }
}

/* ----------------------------------------------------------- snapshot */

/** The world as REST tells it: at the start, and when a session could not be recovered. */
async function loadSnapshot() {
  const snapshot = await readWorld(token);
  node = snapshot.node ?? node;
  world.layOut(snapshot);
  for (const [id, history] of Object.entries(snapshot.chat ?? {})) for (const said of history) keep({ zone: id, ...said });
  const mine = snapshot.players.find((p) => p.id === player.id);
  if (mine) Object.assign(player, mine);
  if (world.me?.id === player.id) Object.assign(player, { x: world.me.x, y: world.me.y });
  else {
    Object.assign(player, startingPoint(snapshot, mine));
    world.setMe(player);
  }
  log("rest", "snapshot loaded by REST");
  return snapshot;
}

/** Where the server has me, or else somewhere in front of the first zone's middle. */
function startingPoint({ zones }, mine) {
  if (Number.isFinite(mine?.x) && Number.isFinite(mine?.y)) return { x: mine.x, y: mine.y };
  const first = zones[0], spread = () => Math.random() - 0.5;
  return { x: first.x + first.w * (0.5 + spread() * 0.4), y: first.y + first.h * (0.7 + spread() * 0.14) };
}

/* --------------------------------------------------------- connection */

function connect() {
  link?.close();
  link = new Link(token, {
    state: (state, detail) => {
      if (state === "away") showAway(detail);
      if (document.body.dataset.state !== state || state !== "away") refreshStatus(state, detail?.attempt);
    },
    fresh: () => {
      relogins = 0;
      enterZone(true);
    },
    welcome: (welcome) => {
      if (welcome.node && welcome.node !== node) log("link", `now at node ${welcome.node}`);
      node = welcome.node ?? node;
      if (welcome.you) player = { ...player, name: welcome.you.name, colour: welcome.you.colour };
      refreshStatus();
    },
    moved: ({ id, x, y }) => {
      if (id !== player?.id && Number.isFinite(x) && Number.isFinite(y)) world.movePlayer(id, x, y);
    },
    reliable: onReliable,
    recovery: onRecovery,
    notice: (error) => {
      toast(error.message ?? "The server reported an error.", "bad");
      log("cut", `${error.event ? error.event + ": " : ""}${error.code ?? "error"}`);
    },
    log,
    refused: onRefused,
  });
  for (const part of [table, market, post]) part.listen(link);
  link.socket.on("system:announcement", ({ text }) => toast(text));
  link.socket.on("character:changed", ({ update_data }) => log("ok", `your character: ${JSON.stringify(update_data)}`));
  link.open();
}

function refreshStatus(state = document.body.dataset.state, attempt = 0) {
  showStatus(state, { attempt, transport: link?.transport, session: short(link?.socket.id ?? lastSession), node });
  if (link?.socket.id) lastSession = link.socket.id;
}
let lastSession = null;

/** The server doesn't want this session: log in once more by the same name, then ask. */
async function onRefused(refused) {
  refreshStatus("refused");
  if (!player) return log("cut", `not watching: ${refused.message}`);
  if (refused.code === ELSEWHERE) return ask(refused.message, "Play here", () => beginAgain().catch(onRefused));
  if (refused.code !== ENDED && relogins++ < 1) {
    log("link", "logging in again");
    try {
      await rejoin();
      return;
    } catch (again) {
      refused = again;
    }
  }
  ask(refused.message, "Connect again", () => rejoin().catch(onRefused));
}

async function rejoin() {
  const at = world.me;
  await logInAs(player.name);
  if (at) Object.assign(player, { x: at.x, y: at.y });
  world.setMe(player);
  await beginAgain();
  showRecovery({ recovered: false, lines: [], awayMillis: 0 });
}

/** A new session for the player that I am. */
async function beginAgain() {
  world.setPlayers([]);
  zone = null;
  startAfresh();
  await loadSnapshot();
  connect();
}

/* --------------------------------------------------------------- zones */

/** Tells the server which zone I stand in; one request at a time, until the two agree. */
async function enterZone(again = false) {
  paintPlace();
  if (entering || !link?.connected || !world.zone || (world.zone === zone && !again)) return;
  entering = true;
  const wanted = world.zone, through = link;
  let wait = 0;
  try {
    const reply = await through.ask("zone:enter", { zone: wanted });
    if (through !== link) throw new Refused({ code: "STALE" });
    zone = reply.zone ?? wanted;
    for (const said of reply.history ?? []) keep({ zone, ...said });
    world.setPlayers([...people.in(zone).values()]);
    for (const { id, x, y } of reply.members ?? []) world.movePlayer(id, x, y);
    link.move(world.me.x, world.me.y);
    log("ok", `entered ${titleOf(zone)}`);
  } catch (refused) {
    if (through === link) {
      if (refused.code !== "NO_ANSWER") toast(refused.message, "bad");
      log("cut", `zone:enter ${refused.code}`);
      wait = refused.retryAfterMs ?? 1500;
    }
  } finally {
    entering = false;
  }
  paintZone();
  if (wait) setTimeout(() => enterZone(), wait);
  else enterZone();
}

function paintPlace() {
  const mood = moodOf(world.zone);
  $("zone-title").textContent = titleOf(world.zone);
  $("zone-line").textContent = mood.line;
  document.documentElement.style.setProperty("--accent", mood.accent);
  $("place").dataset.zone = world.zone ?? "";
}

function paintZone() {
  paintPlace();
  table.paint();
  if (!player) return;
  const here = people.in(zone);
  showPeople(here.has(player.id) ? [...here.values()] : [...here.values(), player], player.id);
  showElsewhere(world.zones.filter(({ id }) => id !== zone).map(({ id, title }) => ({ title, count: people.in(id).size })));
  const away = here.get(player.id)?.status === "away";
  $("step-away").textContent = away ? "I am back" : "Step away";
  $("step-away").setAttribute("aria-pressed", away);
  paintChat();
}

/* ---------------------------------------------------------------- chat */

/** Keeps a message once; true if it is new. */
function keep(said) {
  if (!chat.has(said.zone)) chat.set(said.zone, new Map());
  const messages = chat.get(said.zone);
  // Two nodes may number a line alike when both are spoken at the same moment.
  const key = `${said.seq} ${said.at} ${said.from}`;
  if (messages.has(key)) return false;
  messages.set(key, said.colour ? said : { ...said, colour: colourOf(said.from) });
  if (messages.size > MAX_MESSAGES) messages.delete(keyOfOldest(messages));
  return true;
}
const inOrder = (a, b) => a.seq - b.seq || a.at - b.at || (a.from < b.from ? -1 : 1);
const keyOfOldest = (messages) => [...messages].reduce((oldest, entry) => (inOrder(entry[1], oldest[1]) < 0 ? entry : oldest))[0];
const colourOf = (id) => (id === player?.id ? player.colour : people.in(zone).get(id)?.colour ?? world.players.get(id)?.colour ?? "#b9bfd0");

function paintChat() {
  const here = zone ?? world.zone;
  const messages = [...(chat.get(here)?.values() ?? [])].sort(inOrder);
  showChat(titleOf(here), messages, drafts, player?.id, (draft) => {
    drafts = drafts.filter((other) => other !== draft);
    say(draft.text);
  });
}

$("chat-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("chat-input").value.trim();
  if (!text || !link) return;
  $("chat-input").value = "";
  showNote("");
  say(text);
});
$("chat-input").addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("world").focus({ preventScroll: true });
});
const ACTS_ON_ENTER = "a, button, input, summary, [contenteditable]";
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && document.body.dataset.screen === "world" && !document.activeElement?.matches(ACTS_ON_ENTER)) {
    event.preventDefault();
    $("chat-input").focus();
  }
});

/** Says something; what is said while away waits in the client and goes out on return. */
async function say(text) {
  const draft = { text, waiting: !link.connected, failed: "" };
  drafts.push(draft);
  paintChat();
  scrollToNewest();
  if (draft.waiting) await untilConnected(draft);
  try {
    const { seq, at } = await link.ask("chat:say", { text });
    keep({ seq, at, zone: zone ?? world.zone, from: player.id, fromName: player.name, colour: player.colour, text });
    world.say(player.id, text);
    drafts = drafts.filter((other) => other !== draft);
  } catch (refused) {
    if (refused.retryAfterMs) {
      drafts = drafts.filter((other) => other !== draft);
      $("chat-input").value ||= text;
      holdChat(refused);
    } else draft.failed = refused.message;
    log("cut", `chat:say ${refused.code}`);
  }
  paintChat();
}

const untilConnected = (draft) =>
  new Promise((resolve) => {
    const look = setInterval(() => {
      if (!link?.connected) return;
      clearInterval(look);
      draft.waiting = false;
      resolve();
    }, 100);
  });

let holdTimer = 0;
function holdChat({ message, retryAfterMs }) {
  clearInterval(holdTimer);
  const until = performance.now() + retryAfterMs;
  const tick = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left > 0) return showNote(`${message.replace(/[.!]?$/, ".")} Again in ${left} s.`, "bad");
    clearInterval(holdTimer);
    showNote("");
  };
  tick();
  holdTimer = setInterval(tick, 250);
}

/* ------------------------------------------------------ reliable events */

function onReliable(event, payload, missed) {
  if (event === "waved") return missed || world.say(payload.id, "👋");
  if (event !== "chat:said") return onPresence(payload, missed);
  const own = payload.from === player.id;
  if (missed) caughtUp.push({ event, payload, line: { kind: "said", who: payload.fromName, colour: payload.colour, text: payload.text } });
  const isNew = keep({ ...payload, missed: missed && !own });
  if (own) {
    const sent = drafts.findIndex((draft) => draft.text === payload.text && !draft.waiting);
    if (sent >= 0) drafts.splice(sent, 1);
  }
  if (isNew && payload.zone === zone) {
    world.say(payload.from, payload.text, missed);
    paintChat();
  }
}

const WHAT_HAPPENED = { came: "came in", left: "went away", away: "stepped away", reconnecting: "lost the connection", connected: "is back" };

function onPresence(entries, missed) {
  for (const change of people.take(entries)) {
    const { what, who } = change;
    if (change.zone !== zone || who.id === player?.id) continue;
    log("ok", `${who.name} ${WHAT_HAPPENED[what]}${missed ? " (recovered)" : ""}`);
    if (missed) caughtUp.push({ event: "presence:diff", payload: change, line: { kind: "came", who: who.name, colour: who.colour, text: WHAT_HAPPENED[what] } });
  }
  for (const { id } of world.zones) for (const who of people.in(id).values()) post.meet(who);
  const seen = player ? [...people.in(zone).values()] : world.zones.flatMap(({ id }) => [...people.in(id).values()]);
  world.setPlayers(seen.map((who) => ({ ...who, ...world.placeOf(who.id) })));
  paintZone();
}

/** Nothing known of the old session counts any more: a server that began anew counts its messages from one again. */
function startAfresh() {
  chat.clear();
  hideRecovery();
  lastRecovery = Object.freeze({ recovered: false, events: Object.freeze([]) });
  log("fresh", "not recovered: a new session began");
}

async function onRecovery(recovered) {
  if (!player) return;
  const awayMillis = cutAt ? performance.now() - cutAt : 0, events = caughtUp;
  cutAt = 0;
  caughtUp = [];
  if (recovered) {
    lastRecovery = Object.freeze({ recovered, events: Object.freeze(events.map(({ event, payload }) => Object.freeze({ event, payload }))) });
    showRecovery({ recovered, lines: events.map(({ line }) => line), awayMillis });
    log("recovered", `session recovered, ${events.length} ${events.length === 1 ? "event" : "events"} replayed`);
    for (const { line } of events) log("recovered", `replayed ${line.who} ${line.kind === "said" ? `“${line.text}”` : line.text}`);
    enterZone(); // I may have walked on while away
    link.move(world.me.x, world.me.y);
  } else {
    startAfresh();
    zone = null;
    enterZone(true);
  }
  try {
    // Movement is volatile and isn't replayed, so positions are read anew even after a recovery.
    const snapshot = await loadSnapshot();
    for (const other of snapshot.players) if (people.in(zone).has(other.id)) world.movePlayer(other.id, other.x, other.y);
    if (!recovered) showRecovery({ recovered, lines: [], awayMillis });
  } catch (refused) {
    toast(refused.message, "bad");
  }
  paintZone();
}

/* ------------------------------------------------------------- the cut */

$("cut").addEventListener("click", () => {
  const byKeyboard = $("cut").matches(":focus-visible");
  hideRecovery();
  for (const messages of chat.values()) for (const said of messages.values()) said.missed = false;
  paintChat();
  cutAt = performance.now();
  log("cut", "you cut the connection");
  link.cut(AWAY_MILLIS);
  if (byKeyboard) $("longer").focus();
});
$("longer").addEventListener("click", () => link?.stayLonger(10_000));
$("back").addEventListener("click", () => link?.comeBack());
$("step-away").addEventListener("click", () => link?.status($("step-away").getAttribute("aria-pressed") === "true" ? "connected" : "away"));
$("wave").addEventListener("click", () => link?.wave());
$("recovered-close").addEventListener("click", () => {
  hideRecovery();
  $("chat-input").focus();
});
if (matchMedia("(min-width: 900px) and (min-height: 820px)").matches) $("events").open = true;

connect(); // the world behind the entry is the real one: who comes watches, and logs in on the same session

/* ------------------------------------------------- for tests, read only */

globalThis.arena = Object.freeze({
  get player() {
    return player && { id: player.id, name: player.name, colour: player.colour, x: world.me?.x, y: world.me?.y };
  },
  get zone() {
    return zone;
  },
  get connected() {
    return Boolean(link?.connected);
  },
  get recovered() {
    return Boolean(link?.socket.recovered);
  },
  get lastRecovery() {
    return lastRecovery;
  },
  get others() {
    return [...world.players.values()].filter((p) => !p.leaving).map(({ id, name, tx, ty, status }) => ({ id, name, x: tx, y: ty, status }));
  },
});
