// Where things stand and where lamps shine, in fractions of a zone.
import { barrel, BOATS, bollard, BUSHES, crate, fountain, inn, lamp, lighthouse, mushroom, OAKS, PINES, PRODUCE, STALLS, STONES, table } from "./sprites.js";

const PROPS = {
  tavern: (zone, put, light) => {
    const w = zone.w, h = zone.h;
    put(inn, w * 0.5, h * 0.46);
    for (const x of [-113, -57, 61, 119]) light(w * 0.5 + x, h * 0.46 - 36, 46, "#ffb654", 0.5);
    light(w * 0.5, h * 0.56, 150, "#ff9c3f", 0.34);
    for (const [x, y] of [[0.29, 0.64], [0.52, 0.76], [0.72, 0.65]]) {
      put(table, w * x, h * y);
      light(w * x, h * y - 26, 56, "#ffb85c", 0.4, true);
    }
    for (const [x, y] of [[0.2, 0.48], [0.255, 0.5], [0.8, 0.49]]) put(barrel, w * x, h * y);
    for (const [x, y] of [[0.18, 0.84], [0.82, 0.84]]) {
      put(lamp, w * x, h * y);
      light(w * x, h * y - 68, 92, "#ffc56b", 0.62, true);
    }
    for (const [x, y, k] of [[0.06, 0.3, 0], [0.1, 0.6, 1], [0.05, 0.88, 2], [0.93, 0.27, 1], [0.08, 0.13, 2], [0.905, 0.12, 0]]) put(OAKS[k], w * x, h * y + 22);
    for (const [x, y, k] of [[0.17, 0.33, 1], [0.86, 0.4, 2], [0.33, 0.93, 0], [0.64, 0.93, 1], [0.93, 0.8, 1]]) put(BUSHES[k], w * x, h * y);
  },
  market: (zone, put, light) => {
    const w = zone.w, h = zone.h;
    put(fountain, w * 0.5, h * 0.58);
    light(w * 0.5, h * 0.52, 90, "#7fd6ea", 0.24);
    for (const [x, y, k] of [[0.19, 0.38, 0], [0.5, 0.29, 2], [0.81, 0.38, 1], [0.2, 0.88, 3], [0.82, 0.88, 0]]) {
      put(STALLS[k], w * x, h * y);
      light(w * x, h * y - 42, 72, "#ffc47a", 0.5, true);
    }
    for (const [x, y, k] of [[0.31, 0.37, 0], [0.32, 0.88, 1], [0.7, 0.88, 2], [0.69, 0.385, 1], [0.34, 0.4, 2]]) put(PRODUCE[k], w * x, h * y);
    for (const [x, y] of [[0.07, 0.33], [0.93, 0.84], [0.96, 0.86]]) put(crate, w * x, h * y);
    for (const [x, y] of [[0.34, 0.7], [0.66, 0.7], [0.37, 0.34], [0.63, 0.34], [0.05, 0.75]]) {
      put(lamp, w * x, h * y);
      light(w * x, h * y - 68, 84, "#ffcf86", 0.52, true);
    }
    for (const [x, y, k] of [[0.95, 0.22, 1], [0.06, 0.12, 2], [0.965, 0.52, 2]]) put(BUSHES[k], w * x, h * y);
  },
  forest: (zone, put, light) => {
    const w = zone.w, h = zone.h;
    const trees = [
      [0.05, 0.24], [0.15, 0.18], [0.27, 0.17], [0.56, 0.19], [0.66, 0.25], [0.76, 0.2], [0.88, 0.27], [0.07, 0.46], [0.04, 0.7], [0.13, 0.62],
      [0.1, 0.93], [0.21, 0.83], [0.3, 0.97], [0.42, 0.93], [0.53, 0.99], [0.62, 0.9], [0.72, 0.98], [0.83, 0.93], [0.93, 0.83], [0.94, 0.62],
      [0.21, 0.4], [0.17, 0.99], [0.96, 0.99], [0.55, 0.72], [0.97, 0.33], [0.02, 0.99],
    ];
    trees.forEach(([x, y], i) => put(i % 5 < 3 ? PINES[i % 3] : OAKS[i % 3], w * x, h * y));
    [[0.3, 0.44], [0.44, 0.44], [0.27, 0.58], [0.46, 0.59]].forEach(([x, y], i) => {
      put(STONES[i], w * x, h * y);
      light(w * x, h * y - 34, 44, "#72f0c0", 0.42, true);
    });
    light(w * 0.37, h * 0.52, 120, "#4fd7a4", 0.2, true);
    for (const [x, y] of [[0.19, 0.66], [0.22, 0.69], [0.5, 0.56], [0.6, 0.48], [0.85, 0.47], [0.33, 0.77]]) put(mushroom, w * x, h * y);
    for (const [x, y, k] of [[0.64, 0.76, 0], [0.87, 0.74, 1], [0.36, 0.88, 2], [0.81, 0.4, 2]]) put(BUSHES[k], w * x, h * y);
  },
  harbour: (zone, put, light) => {
    const w = zone.w, h = zone.h;
    put(lighthouse, w * 0.87, h * 0.88);
    light(w * 0.87, h * 0.88 - 143, 130, "#ffe6a0", 0.75);
    put(BOATS[0], w * 0.49, h * 0.88, { bob: 2.6 });
    put(BOATS[1], w * 0.85, h * 0.47, { bob: 2 });
    light(w * 0.85 - 20, h * 0.47 - 26, 44, "#ffca76", 0.5);
    for (const [x, y] of [[0.08, 0.23], [0.13, 0.27], [0.1, 0.31], [0.36, 0.33], [0.23, 0.74]]) put(crate, w * x, h * y);
    for (const [x, y] of [[0.4, 0.3], [0.19, 0.8]]) put(barrel, w * x, h * y);
    for (const [x, y] of [[0.38, 0.52], [0.56, 0.52], [0.72, 0.52]]) put(bollard, w * x, h * y);
    for (const [x, y] of [[0.3, 0.5], [0.73, 0.63], [0.56, 0.16]]) {
      put(lamp, w * x, h * y);
      light(w * x, h * y - 68, 88, "#ffd28a", 0.55, true);
    }
    for (const [x, y, k] of [[0.05, 0.88, 1], [0.12, 0.96, 2], [0.92, 0.12, 0], [0.76, 0.1, 2]]) put(BUSHES[k], w * x, h * y);
    for (const [x, y, k] of [[0.05, 0.64, 0], [0.97, 0.12, 1]]) put(OAKS[k], w * x, h * y);
  },
};

/** The standing things and the lamps of a world, in world coordinates; things sorted by their foot line. */
export function furnish(zones) {
  const things = [], lights = [];
  for (const zone of zones) {
    PROPS[zone.id]?.(
      zone,
      (sprite, x, y, extra = {}) => things.push({ sprite, x: zone.x + x, y: zone.y + y, ...extra }),
      (x, y, r, colour, power, flicker = false) => lights.push({ x: zone.x + x, y: zone.y + y, r, colour, power, flicker, seed: (x * 7 + y * 3) % 10 }),
    );
  }
  things.sort((a, b) => a.y - b.y);
  return { things, lights };
}

const glows = new Map();
/** A soft round light, cached per colour. */
export function glow(colour) {
  if (!glows.has(colour)) {
    const bitmap = document.createElement("canvas");
    bitmap.width = bitmap.height = 128;
    const c = bitmap.getContext("2d");
    const gradient = c.createRadialGradient(64, 64, 0, 64, 64, 64);
    gradient.addColorStop(0, colour);
    gradient.addColorStop(0.35, colour + "66");
    gradient.addColorStop(1, colour + "00");
    c.fillStyle = gradient;
    c.fillRect(0, 0, 128, 128);
    glows.set(colour, bitmap);
  }
  return glows.get(colour);
}
