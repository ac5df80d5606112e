// The stage: camera, players, bubbles and lights on one canvas. It knows nothing of the network: it is told
// where others are and tells where the own player goes.
import { paintAmbience, paintBeam } from "./art/ambience.js";
import { furnish, glow } from "./art/furniture.js";
import { inWater, paintGround } from "./art/ground.js";
import { paintTraveller } from "./art/traveller.js";
import { DEFAULT_ZONES } from "./art/zones.js";

const SPEED = 190; // world units per second
const BORDER = 14; // nobody walks out of the picture
const HYSTERESIS = 8; // a border is crossed when one is this far beyond it
const FADED = { away: 0.75, reconnecting: 0.45 }; // who isn't there, or has lost the connection
const BUBBLE_MILLIS = 6500;
const KEYS = {
  KeyW: [0, -1], ArrowUp: [0, -1], KeyS: [0, 1], ArrowDown: [0, 1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
};
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const typing = (target) => target instanceof HTMLElement && target.matches("input, textarea, select, button, summary, a, [contenteditable]");
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class World {
  #canvas;
  #c;
  #ground = null;
  #groundScale = 0;
  #view = { x: 0, y: 0, scale: 1, dpr: 1, w: 0, h: 0 };
  #keys = new Set();
  #goal = null;
  #goalMark = null;
  #veil = new Map();
  #last = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(canvas, { onMove, onZone }) {
    this.#canvas = canvas;
    this.#c = canvas.getContext("2d");
    this.onMove = onMove;
    this.onZone = onZone;
    this.players = new Map();
    this.me = null;
    this.zone = null;
    this.layOut({ zones: DEFAULT_ZONES, width: 1200, height: 800 });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
    addEventListener("keydown", (event) => this.#press(event));
    addEventListener("keyup", (event) => this.#keys.delete(event.code));
    addEventListener("blur", () => this.#keys.clear());
    let down = false;
    canvas.addEventListener("pointerdown", (event) => {
      down = true;
      canvas.focus({ preventScroll: true });
      this.#walkTo(event);
    });
    canvas.addEventListener("pointermove", (event) => down && this.#walkTo(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(end, () => (down = false));
    requestAnimationFrame((now) => this.#frame(now));
  }

  layOut({ zones, width, height }) {
    this.width = width;
    this.height = height;
    this.zones = zones;
    Object.assign(this, furnish(zones));
    this.#ground = null;
  }

  zoneAt(x, y, slack = 0) {
    return this.zones.find((z) => x >= z.x + slack && y >= z.y + slack && x < z.x + z.w - slack && y < z.y + z.h - slack) ?? null;
  }

  /** The own player; the world is a backdrop while there is none. */
  setMe(player) {
    this.me = player && this.#entity(player);
    this.players.delete(player?.id); // seen as another's, while I only watched
    this.zone = player ? this.zoneAt(this.me.x, this.me.y)?.id ?? null : null;
    this.#goal = null;
  }

  /** Everybody else that can be seen; who isn't named fades out. */
  setPlayers(list) {
    const named = new Set(list.map((player) => player.id));
    for (const [id, entity] of this.players) if (!named.has(id)) entity.leaving = true;
    for (const player of list) this.addPlayer(player);
  }

  addPlayer(player) {
    if (player.id === this.me?.id) return;
    const known = this.players.get(player.id);
    if (known) Object.assign(known, { tx: player.x, ty: player.y, name: player.name, colour: player.colour, status: player.status, leaving: false });
    else this.players.set(player.id, this.#entity(player));
  }

  /** Where somebody is going, as far as is known. */
  placeOf(id) {
    const entity = this.players.get(id);
    return entity && !entity.leaving ? { x: entity.tx, y: entity.ty } : {};
  }

  movePlayer(id, x, y) {
    const entity = this.players.get(id);
    if (!entity) return;
    entity.tx = x;
    entity.ty = y;
    if (Math.hypot(entity.x - x, entity.y - y) > 320) Object.assign(entity, { x, y });
  }

  say(id, text, missed = false) {
    const entity = id === this.me?.id ? this.me : this.players.get(id);
    if (entity) entity.bubble = { text, missed, since: performance.now(), lines: null };
  }

  #entity(player) {
    const x = player.x ?? this.width / 2, y = player.y ?? this.height / 2;
    return { id: player.id, name: player.name, colour: safeColour(player.colour), x, y, tx: x, ty: y, fx: 0, fy: 1, walk: 0, alpha: 0, status: player.status, leaving: false, bubble: null };
  }

  #press(event) {
    if (!this.me || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.code]) return;
    event.preventDefault();
    this.#keys.add(event.code);
    this.#goal = null;
  }

  #walkTo(event) {
    if (!this.me) return;
    const bounds = this.#canvas.getBoundingClientRect();
    const x = this.#view.x + (event.clientX - bounds.left) / this.#view.scale;
    const y = this.#view.y + (event.clientY - bounds.top) / this.#view.scale;
    this.#goal = { x: clamp(x, BORDER, this.width - BORDER), y: clamp(y, BORDER, this.height - BORDER) };
    this.#goalMark = { ...this.#goal, since: performance.now() };
  }

  #resize() {
    const { clientWidth: w, clientHeight: h } = this.#canvas;
    if (!w || !h) return;
    const dpr = Math.min(devicePixelRatio || 1, 2);
    this.#canvas.width = Math.round(w * dpr);
    this.#canvas.height = Math.round(h * dpr);
    Object.assign(this.#view, { w, h, dpr });
    this.#aim(1);
  }

  /** Fills the stage with world and keeps the own player in the middle as far as the world reaches. */
  #aim(ease) {
    const view = this.#view;
    view.scale = Math.max(view.w / this.width, view.h / this.height, 0.8);
    const w = view.w / view.scale, h = view.h / view.scale;
    const focus = this.me ?? { x: this.width / 2, y: this.height / 2 };
    const x = clamp(focus.x - w / 2, 0, this.width - w), y = clamp(focus.y - 20 - h / 2, 0, this.height - h);
    view.x += (x - view.x) * ease;
    view.y += (y - view.y) * ease;
  }

  #frame(now) {
    const dt = Math.min((now - this.#last) / 1000, 0.1);
    this.#last = now;
    if (this.me) this.#walk(dt);
    for (const [id, entity] of this.players) {
      this.#follow(entity, dt);
      if (entity.leaving && entity.alpha <= 0.02) this.players.delete(id);
    }
    this.#aim(this.#calm.matches ? 1 : 1 - Math.exp(-dt * 7));
    if (this.#view.w) this.#paint(now);
    requestAnimationFrame((next) => this.#frame(next));
  }

  #walk(dt) {
    const me = this.me;
    let dx = 0, dy = 0;
    for (const code of this.#keys) {
      dx += KEYS[code][0];
      dy += KEYS[code][1];
    }
    let step = SPEED * dt;
    if (!dx && !dy && this.#goal) {
      dx = this.#goal.x - me.x;
      dy = this.#goal.y - me.y;
      step = Math.min(step, Math.hypot(dx, dy));
      if (step < 0.5) this.#goal = null;
    }
    const length = Math.hypot(dx, dy);
    me.alpha = Math.min(1, me.alpha + dt * 4);
    if (!length || step < 0.5) {
      me.walk = 0;
      return;
    }
    me.fx = dx / length;
    me.fy = dy / length;
    me.walk += dt * 11;
    me.x = clamp(me.x + me.fx * step, BORDER, this.width - BORDER);
    me.y = clamp(me.y + me.fy * step, BORDER, this.height - BORDER);
    this.onMove(me.x, me.y);
    const zone = this.zoneAt(me.x, me.y, HYSTERESIS);
    if (zone && zone.id !== this.zone) {
      this.zone = zone.id;
      this.onZone(zone.id);
    }
  }

  /** Others glide to where they were last seen: about a tenth of a second behind, never jerky. */
  #follow(entity, dt) {
    const dx = entity.tx - entity.x, dy = entity.ty - entity.y, far = Math.hypot(dx, dy);
    if (far > 0.6) {
      const ease = 1 - Math.exp(-dt * 10);
      entity.x += dx * ease;
      entity.y += dy * ease;
      if (far > 3) {
        entity.fx += (dx / far - entity.fx) * 0.25;
        entity.fy += (dy / far - entity.fy) * 0.25;
        entity.walk += dt * 11;
      } else entity.walk = 0;
    } else entity.walk = 0;
    entity.alpha = clamp(entity.alpha + (entity.leaving ? -dt * 3 : dt * 3), 0, FADED[entity.status] ?? 1);
  }

  #paint(now) {
    const c = this.#c, view = this.#view, scale = view.scale * view.dpr;
    const seconds = this.#calm.matches ? 40 : now / 1000;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.#groundBitmap(scale), -view.x * scale, -view.y * scale);
    c.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
    if (this.#goalMark) this.#paintGoal(c, now);

    const people = [...this.players.values()];
    if (this.me) people.push(this.me);
    people.sort((a, b) => a.y - b.y);
    let next = 0;
    const before = (y) => {
      for (; next < people.length && people[next].y < y; next++) this.#paintPerson(c, people[next], seconds);
    };
    for (const thing of this.things) {
      before(thing.y);
      const hides = this.me && thing.y > this.me.y && Math.abs(thing.x - this.me.x) < thing.sprite.footX * 0.75 && thing.y - thing.sprite.footY < this.me.y - 12;
      if (hides) c.globalAlpha = 0.45;
      thing.sprite.paint(c, thing.x, thing.y + (thing.bob ? Math.sin(seconds * 1.1 + thing.x) * thing.bob : 0), scale);
      c.globalAlpha = 1;
    }
    before(Infinity);
    paintAmbience(c, this.zones, seconds);
    this.#paintVeil(c);
    c.globalCompositeOperation = "lighter";
    for (const light of this.lights) {
      c.globalAlpha = light.power * (light.flicker ? 0.9 + 0.1 * Math.sin(seconds * 5 + light.seed * 3) * Math.sin(seconds * 2.3 + light.seed) : 1) * 0.7;
      c.drawImage(glow(light.colour), light.x - light.r, light.y - light.r, light.r * 2, light.r * 2);
    }
    c.globalAlpha = 1;
    c.globalCompositeOperation = "source-over";
    paintBeam(c, this.zones, seconds);

    c.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
    for (const person of people) this.#paintName(c, person);
    const taken = [];
    for (const person of [...people].reverse()) this.#paintBubble(c, person, now, taken);
    if (this.me) this.#paintMap(c, people);
  }

  #groundBitmap(scale) {
    if (!this.#ground || this.#groundScale !== scale) {
      this.#ground = document.createElement("canvas");
      this.#ground.width = Math.ceil(this.width * scale);
      this.#ground.height = Math.ceil(this.height * scale);
      const c = this.#ground.getContext("2d");
      c.scale(scale, scale);
      paintGround(c, this);
      this.#groundScale = scale;
    }
    return this.#ground;
  }

  #paintGoal(c, now) {
    const age = (now - this.#goalMark.since) / 700;
    if (age > 1 && !this.#goal) return;
    c.strokeStyle = `rgba(255,244,214,${this.#goal ? 0.55 : 0.55 * (1 - age)})`;
    c.lineWidth = 1.8;
    c.beginPath();
    const grow = age < 1 ? 6 * (1 - age) : 0;
    c.ellipse(this.#goalMark.x, this.#goalMark.y, 9 + grow, 4.5 + grow / 2, 0, 0, Math.PI * 2);
    c.stroke();
  }

  #paintPerson(c, person, seconds) {
    c.save();
    c.globalAlpha = person.alpha;
    c.translate(person.x, person.y);
    paintTraveller(c, person.colour, {
      facingX: person.fx, facingY: person.fy, walk: person.walk,
      swimming: inWater(c, this.zones, person.x, person.y), mine: person === this.me, seconds,
    });
    c.restore();
  }

  /** Zones that the player isn't in lie in the dark; painted coarsely and scaled up, which makes the edge soft. */
  #paintVeil(c) {
    const cell = 20, cols = Math.ceil(this.width / cell), rows = Math.ceil(this.height / cell);
    this.veilBitmap ??= document.createElement("canvas");
    if (this.veilBitmap.width !== cols) Object.assign(this.veilBitmap, { width: cols, height: rows });
    const small = this.veilBitmap.getContext("2d");
    small.clearRect(0, 0, cols, rows);
    for (const zone of this.zones) {
      const wanted = !this.me ? 0.16 : zone.id === this.zone ? 0 : 0.5;
      const alpha = this.#veil.get(zone.id) ?? wanted;
      const next = alpha + (wanted - alpha) * 0.07;
      this.#veil.set(zone.id, next);
      small.fillStyle = `rgba(13,13,34,${next})`;
      small.fillRect(Math.round(zone.x / cell), Math.round(zone.y / cell), Math.round(zone.w / cell), Math.round(zone.h / cell));
    }
    c.imageSmoothingQuality = "high";
    c.drawImage(this.veilBitmap, 0, 0, cols * cell, rows * cell);
  }

  #onScreen(person, lift = 0) {
    const view = this.#view;
    return [(person.x - view.x) * view.scale, (person.y - lift - view.y) * view.scale];
  }

  #paintName(c, person) {
    const [x, y] = this.#onScreen(person, -13);
    const mine = person === this.me;
    c.globalAlpha = person.alpha;
    c.font = `600 12px ${FONT}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    const width = c.measureText(person.name).width + 16;
    c.fillStyle = "rgba(12,13,24,.72)";
    c.beginPath();
    c.roundRect(x - width / 2, y, width, 19, 9.5);
    c.fill();
    c.fillStyle = mine ? "#ffe2a8" : "#eef0f6";
    c.fillText(person.name, x, y + 10);
    c.globalAlpha = 1;
  }

  #paintBubble(c, person, now, taken) {
    const bubble = person.bubble;
    if (!bubble) return;
    const age = now - bubble.since;
    if (age > BUBBLE_MILLIS) {
      person.bubble = null;
      return;
    }
    c.font = `500 13.5px ${FONT}`;
    bubble.lines ??= wrap(c, bubble.text, 190, 4);
    const width = Math.max(...bubble.lines.map((line) => c.measureText(line).width)) + 24;
    const height = bubble.lines.length * 18 + 14;
    const [px, py] = this.#onScreen(person, 50);
    const x = clamp(px, width / 2 + 8, this.#view.w - width / 2 - 8);
    let y = Math.max(py, height + 10);
    for (let moved = true; moved; ) {
      const clash = taken.find((t) => Math.abs(t.x - x) < (t.width + width) / 2 && y > t.y - t.height - 12 && y - height < t.y + 10);
      moved = Boolean(clash) && clash.y - clash.height - 12 - height > 4;
      if (moved) y = clash.y - clash.height - 12;
    }
    taken.push({ x, y, width, height });
    const pop = this.#calm.matches ? 1 : Math.min(1, age / 160);
    c.globalAlpha = Math.min(pop, (BUBBLE_MILLIS - age) / 500) * person.alpha;
    c.save();
    c.translate(x, y);
    c.scale(0.85 + 0.15 * pop, 0.85 + 0.15 * pop);
    c.shadowColor = "rgba(6,6,18,.45)";
    c.shadowBlur = 14 * this.#view.dpr;
    c.shadowOffsetY = 4 * this.#view.dpr;
    c.fillStyle = bubble.missed ? "#d6f8e4" : "#fdf6e8";
    c.beginPath();
    c.roundRect(-width / 2, -height, width, height, 13);
    c.fill();
    c.shadowColor = "transparent";
    const tail = clamp(px - x, -width / 2 + 18, width / 2 - 18);
    c.beginPath();
    c.moveTo(tail - 7, -1);
    c.lineTo(tail, 8);
    c.lineTo(tail + 7, -1);
    c.fill();
    c.fillStyle = "#2a2230";
    c.textAlign = "center";
    c.textBaseline = "middle";
    bubble.lines.forEach((line, i) => c.fillText(line, 0, -height + 16 + i * 18));
    c.restore();
    c.globalAlpha = 1;
  }

  /** A small map, when the stage shows less than the whole world. */
  #paintMap(c, people) {
    const view = this.#view, seen = { w: view.w / view.scale, h: view.h / view.scale };
    if (seen.w > this.width * 0.82 && seen.h > this.height * 0.82) return;
    const w = view.w < 600 ? 84 : 120, h = (w * this.height) / this.width, x = view.w - w - 14, y = 14, k = w / this.width;
    c.save();
    c.beginPath();
    c.roundRect(x, y, w, h, 8);
    c.clip();
    c.imageSmoothingQuality = "medium";
    c.drawImage(this.#ground, x, y, w, h);
    c.fillStyle = "rgba(13,13,34,.15)";
    c.fillRect(x, y, w, h);
    c.strokeStyle = "rgba(255,255,255,.5)";
    c.lineWidth = 1;
    c.strokeRect(x + view.x * k, y + view.y * k, seen.w * k, seen.h * k);
    for (const person of people) {
      c.fillStyle = person.colour;
      c.beginPath();
      c.arc(x + person.x * k, y + person.y * k, person === this.me ? 3.6 : 2.6, 0, Math.PI * 2);
      c.fill();
      if (person === this.me) {
        c.strokeStyle = "#fff";
        c.stroke();
      }
    }
    c.restore();
    c.strokeStyle = "rgba(255,255,255,.22)";
    c.beginPath();
    c.roundRect(x, y, w, h, 8);
    c.stroke();
  }
}

/** A colour is written into styles: take nothing else from the wire. */
export function safeColour(colour) {
  return typeof colour === "string" && CSS.supports("color", colour) && !colour.includes("(") ? colour : "#b7a8f0";
}

function wrap(c, text, width, most) {
  const lines = [];
  let line = "";
  for (let word of text.split(/\s+/)) {
    while (c.measureText(word).width > width) {
      let cut = word.length - 1;
      while (cut > 1 && c.measureText(word.slice(0, cut)).width > width) cut--;
      if (line) lines.push(line);
      lines.push(word.slice(0, cut));
      line = "";
      word = word.slice(cut);
    }
    const longer = line ? `${line} ${word}` : word;
    if (c.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  if (lines.length > most) {
    lines.length = most;
    lines[most - 1] = lines[most - 1].replace(/.{0,2}$/, "…");
  }
  return lines;
}
