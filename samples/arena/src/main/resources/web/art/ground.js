// The flat part of the world, painted once into a bitmap. Every zone is painted inside the rectangle the server
// gives it, so that the server may lay the world out as it likes; an unknown zone gets a plain meadow.
import { box, ellipse, seeded, TAU } from "./shapes.js";
import { moodOf } from "./zones.js";

/** Blobs of a zone's own colour over its edges, so that neighbours grow into each other. */
function ragged(c, zone, colour, world, random) {
  const edges = [[zone.x, zone.y, zone.w, 0], [zone.x, zone.y + zone.h, zone.w, 0], [zone.x, zone.y, 0, zone.h], [zone.x + zone.w, zone.y, 0, zone.h]];
  for (const [x, y, w, h] of edges) {
    const length = w + h;
    if ((h === 0 && (y <= 0 || y >= world.height)) || (w === 0 && (x <= 0 || x >= world.width))) continue;
    for (let at = 0; at < length; at += 9) {
      const along = at + random() * 9, out = (random() - 0.5) * 34, r = 7 + random() * 15;
      ellipse(c, x + (w ? along : out), y + (h ? along : out), r, r * 0.72, colour);
    }
  }
}

function speckle(c, zone, count, random, colours, size = 3) {
  for (let i = 0; i < count; i++) {
    const r = size * (0.4 + random());
    ellipse(c, zone.x + random() * zone.w, zone.y + random() * zone.h, r * 1.4, r * 0.8, colours[Math.floor(random() * colours.length)]);
  }
}

function grass(c, x, y, colour) {
  c.strokeStyle = colour;
  c.lineWidth = 1.5;
  c.beginPath();
  for (const d of [-3, 0, 3]) {
    c.moveTo(x + d * 0.5, y);
    c.lineTo(x + d, y - 6 + Math.abs(d));
  }
  c.stroke();
}

/** Planks between two corners, laid across. */
function planks(c, x, y, w, h, random, tones, vertical = false) {
  box(c, x + 5, y + 8, w, h, 6, "rgba(8,8,22,.36)");
  c.save();
  c.beginPath();
  c.roundRect(x, y, w, h, 5);
  c.clip();
  const across = vertical ? w : h, along = vertical ? h : w;
  for (let a = 0; a < across; a += 13) {
    for (let b = -random() * 60; b < along; ) {
      const length = 52 + random() * 56;
      c.fillStyle = tones[Math.floor(random() * tones.length)];
      if (vertical) c.fillRect(x + a, y + b, 12, length - 1.2);
      else c.fillRect(x + b, y + a, length - 1.2, 12);
      b += length;
    }
  }
  c.restore();
  c.strokeStyle = "rgba(24,12,8,.65)";
  c.lineWidth = 2.5;
  c.beginPath();
  c.roundRect(x, y, w, h, 5);
  c.stroke();
}

/** A way of flat stones through given points. */
function way(c, points, width, random, base, tones) {
  const trace = () => {
    c.beginPath();
    c.moveTo(points[0][0], points[0][1]);
    for (let i = 1; i < points.length - 1; i++) {
      const [x, y] = points[i], [nx, ny] = points[i + 1];
      c.quadraticCurveTo(x, y, (x + nx) / 2, (y + ny) / 2);
    }
    c.lineTo(...points.at(-1));
  };
  c.lineCap = c.lineJoin = "round";
  c.strokeStyle = "rgba(16,12,20,.22)";
  c.lineWidth = width + 8;
  trace();
  c.stroke();
  c.strokeStyle = base;
  c.lineWidth = width;
  trace();
  c.stroke();
  for (let i = 0; i + 1 < points.length; i++) {
    const [x0, y0] = points[i], [x1, y1] = points[i + 1];
    const length = Math.hypot(x1 - x0, y1 - y0);
    for (let at = 0; at < length; at += 7) {
      const t = at / length, off = (random() - 0.5) * (width - 12);
      const nx = -(y1 - y0) / length, ny = (x1 - x0) / length;
      const r = 3.5 + random() * 4.5;
      ellipse(c, x0 + (x1 - x0) * t + nx * off, y0 + (y1 - y0) * t + ny * off, r * 1.25, r * 0.8, tones[Math.floor(random() * tones.length)]);
    }
  }
}

export function waterOf(zone) {
  const at = (fx, fy) => [zone.x + zone.w * fx, zone.y + zone.h * fy];
  const path = new Path2D();
  path.moveTo(...at(0.3, 1));
  path.bezierCurveTo(...at(0.24, 0.8), ...at(0.4, 0.7), ...at(0.37, 0.54));
  path.bezierCurveTo(...at(0.35, 0.38), ...at(0.6, 0.4), ...at(0.68, 0.27));
  path.bezierCurveTo(...at(0.76, 0.15), ...at(0.9, 0.24), ...at(1, 0.16));
  path.lineTo(...at(1, 1));
  path.closePath();
  return path;
}
const piersOf = (zone) => [
  { x: zone.x + zone.w * 0.29, y: zone.y + zone.h * 0.51, w: zone.w * 0.44, h: 42 },
  { x: zone.x + zone.w * 0.58, y: zone.y + zone.h * 0.51 + 40, w: 46, h: zone.h * 0.26, vertical: true },
];
export const pondOf = (zone) => ({ x: zone.x + zone.w * 0.74, y: zone.y + zone.h * 0.62, rx: 78, ry: 42 });

/** Is this a place to swim in? */
export function inWater(c, zones, x, y) {
  for (const zone of zones) {
    if (x < zone.x || y < zone.y || x >= zone.x + zone.w || y >= zone.y + zone.h) continue;
    if (zone.id === "forest") {
      const pond = pondOf(zone);
      return ((x - pond.x) / pond.rx) ** 2 + ((y - pond.y) / pond.ry) ** 2 < 0.82;
    }
    if (zone.id === "harbour") {
      for (const p of piersOf(zone)) if (x > p.x - 4 && x < p.x + p.w + 4 && y > p.y - 2 && y < p.y + p.h + 6) return false;
      c.save();
      c.setTransform(1, 0, 0, 1, 0, 0);
      const wet = c.isPointInPath(waterOf(zone), x, y);
      c.restore();
      return wet;
    }
  }
  return false;
}

const GROUND = {
  tavern(c, zone, random) {
    speckle(c, zone, 240, random, ["#55402f", "#432f23", "#5d4733"], 5);
    for (let i = 0; i < 170; i++) {
      const edge = random() < 0.6;
      const x = zone.x + (edge ? (random() < 0.5 ? random() * 90 : zone.w - random() * 80) : random() * zone.w);
      grass(c, x, zone.y + random() * zone.h, random() > 0.5 ? "#5f7a3f" : "#4b6636");
    }
    const x = zone.x + zone.w * 0.18, y = zone.y + zone.h * 0.44, w = zone.w * 0.64, h = zone.h * 0.39;
    planks(c, x, y, w, h, random, ["#80563a", "#8a5e40", "#764e34", "#936646"]);
    box(c, x + w / 2 - 46, y + 14, 92, 34, 17, "rgba(146,52,52,.85)");
    box(c, x + w / 2 - 40, y + 19, 80, 24, 12, "rgba(214,148,84,.55)");
    box(c, x + w / 2 - 35, y + 23, 70, 16, 8, "rgba(120,36,44,.85)");
  },
  market(c, zone, random) {
    for (let y = zone.y + 6; y < zone.y + zone.h; y += 13) {
      for (let x = zone.x + ((y / 13) & 1) * 8; x < zone.x + zone.w; x += 17) {
        const light = 31 + random() * 9;
        box(c, x + random() * 2, y + random() * 2 - 5, 14, 10, 4, `hsl(${250 + random() * 25} 9% ${light}%)`);
      }
    }
    const cx = zone.x + zone.w / 2, cy = zone.y + zone.h * 0.54;
    for (let ring = 5; ring >= 0; ring--) {
      const r = 62 + ring * 17;
      ellipse(c, cx, cy, r * 1.3, r * 0.72, ring % 2 ? "#6b6068" : "#7b6d70");
      const count = 22 + ring * 5;
      for (let i = 0; i < count; i++) {
        const angle = (i / count) * TAU + ring * 0.1;
        ellipse(c, cx + Math.cos(angle) * (r - 8) * 1.3, cy + Math.sin(angle) * (r - 8) * 0.72, 8, 5, `hsl(${14 + random() * 20} ${8 + random() * 6}% ${42 + random() * 10}%)`);
      }
    }
  },
  forest(c, zone, random) {
    speckle(c, zone, 420, random, ["#1f3f2b", "#2a5237", "#264b32", "#30593b"], 9);
    for (let i = 0; i < 320; i++) grass(c, zone.x + random() * zone.w, zone.y + random() * zone.h, ["#3d6b45", "#2f5a3c", "#4b7d4d"][i % 3]);
    const cx = zone.x + zone.w * 0.37, cy = zone.y + zone.h * 0.5;
    for (let i = 0; i < 5; i++) ellipse(c, cx, cy, 128 - i * 16, 70 - i * 9, `rgba(116,140,84,${0.06 + i * 0.018})`);
    const pond = pondOf(zone);
    ellipse(c, pond.x, pond.y + 3, pond.rx + 9, pond.ry + 8, "#3a4a37");
    ellipse(c, pond.x, pond.y, pond.rx, pond.ry, "#174a57");
    ellipse(c, pond.x - 6, pond.y - 4, pond.rx * 0.78, pond.ry * 0.7, "#1f6070");
    for (const [x, y] of [[-44, 14], [-32, 22], [40, -14], [22, 20], [52, 4]]) {
      ellipse(c, pond.x + x, pond.y + y, 9, 5, "#4f8a52");
      ellipse(c, pond.x + x - 1, pond.y + y - 1, 6, 3, "#65a562");
    }
    ellipse(c, pond.x + 41, pond.y - 17, 3, 3, "#f4b6c8");
    for (let i = 0; i < 60; i++) {
      const flower = ["#e9d8f2", "#f4dd8d", "#a7c9ee"][i % 3];
      ellipse(c, zone.x + random() * zone.w, zone.y + random() * zone.h, 1.7, 1.7, flower);
    }
  },
  harbour(c, zone, random) {
    speckle(c, zone, 300, random, ["#75684f", "#5f533f", "#7e7158", "#6b5f49"], 5);
    const water = waterOf(zone);
    c.save();
    c.beginPath();
    c.rect(zone.x, zone.y, zone.w, zone.h);
    c.clip();
    c.lineJoin = "round";
    for (const [width, colour] of [[52, "#857657"], [30, "#93845f"], [14, "#c9c6ae"]]) {
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.stroke(water);
    }
    const deep = c.createLinearGradient(zone.x + zone.w * 0.3, zone.y, zone.x + zone.w, zone.y + zone.h);
    deep.addColorStop(0, "#2b7f8e");
    deep.addColorStop(0.45, "#1c5f78");
    deep.addColorStop(1, "#123f5c");
    c.fillStyle = deep;
    c.fill(water);
    c.clip(water);
    for (let i = 0; i < 90; i++) {
      c.strokeStyle = `rgba(170,226,232,${0.05 + random() * 0.09})`;
      c.lineWidth = 1.6;
      const x = zone.x + random() * zone.w, y = zone.y + random() * zone.h, l = 12 + random() * 24;
      c.beginPath();
      c.moveTo(x, y);
      c.quadraticCurveTo(x + l / 2, y - 4, x + l, y);
      c.stroke();
    }
    c.restore();
    for (const p of piersOf(zone)) planks(c, p.x, p.y, p.w, p.h, random, ["#7d6347", "#8a6f51", "#70583f", "#957a5a"], !p.vertical);
  },
};

/** Paints everything flat. */
export function paintGround(c, world) {
  const { zones, width, height } = world;
  c.fillStyle = "#2c3a33";
  c.fillRect(0, 0, width, height);
  for (const zone of zones) {
    c.fillStyle = moodOf(zone.id).ground;
    c.fillRect(zone.x, zone.y, zone.w, zone.h);
  }
  for (const zone of zones) {
    const random = seeded(zone.id);
    if (GROUND[zone.id]) GROUND[zone.id](c, zone, random);
    else speckle(c, zone, 300, random, ["#414c41", "#333d35", "#4a5647"], 7);
  }
  for (const zone of zones) ragged(c, zone, moodOf(zone.id).ground, world, seeded(zone.id + "edge"));
  const byId = Object.fromEntries(zones.map((zone) => [zone.id, zone]));
  const at = (id, fx, fy) => byId[id] && [byId[id].x + byId[id].w * fx, byId[id].y + byId[id].h * fy];
  const random = seeded("ways");
  const ways = [
    [at("tavern", 0.82, 0.64), at("tavern", 0.93, 0.62), at("market", 0.06, 0.56), at("market", 0.2, 0.56)],
    [at("market", 0.54, 0.88), at("market", 0.52, 0.98), at("harbour", 0.42, 0.12), at("harbour", 0.23, 0.3), at("harbour", 0.19, 0.48), at("harbour", 0.29, 0.56)],
    [at("tavern", 0.48, 0.85), at("tavern", 0.5, 0.98), at("forest", 0.4, 0.15), at("forest", 0.38, 0.34)],
    [at("forest", 0.54, 0.48), at("forest", 0.76, 0.4), at("forest", 0.96, 0.42), at("harbour", 0.08, 0.48), at("harbour", 0.19, 0.5)],
  ];
  for (const points of ways) {
    if (points.every(Boolean)) way(c, points, 34, random, "#6c5f55", ["#85786a", "#78695c", "#91846f", "#7d7066"]);
  }
  // Dusk over the ground; lamps and players are painted later and stay bright.
  c.fillStyle = "rgba(24,20,62,.24)";
  c.fillRect(0, 0, width, height);
}
