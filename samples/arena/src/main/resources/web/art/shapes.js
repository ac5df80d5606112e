// The few shapes that everything is drawn with.

export const TAU = Math.PI * 2;

/** A seeded generator: the same world on every screen. */
export function seeded(text) {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const ellipse = (c, x, y, rx, ry, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  c.ellipse(x, y, rx, ry, 0, 0, TAU);
  c.fill();
};
export const box = (c, x, y, w, h, r, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  c.roundRect(x, y, w, h, r);
  c.fill();
};
export const poly = (c, points, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
  c.fill();
};
export const shadow = (c, x, y, rx, ry, alpha = 0.34) => ellipse(c, x + 3, y, rx, ry, `rgba(8,8,22,${alpha})`);
