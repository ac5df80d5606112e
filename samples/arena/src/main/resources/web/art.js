// The look of the world. Every zone is painted inside the rectangle the server gives it, so that the
// server may lay the world out as it likes; a zone with an unknown id gets a plain meadow.
// Ground is painted once into a bitmap; things that stand on it are small cached sprites, sorted by their
// foot line together with the players, so that one can walk behind a tree.

/** The layout shown behind the entry screen, before the server has told its own. */
export const DEFAULT_ZONES = [
  { id: "tavern", title: "The Lantern Tavern", x: 0, y: 0, w: 560, h: 400 },
  { id: "market", title: "Market Square", x: 560, y: 0, w: 640, h: 400 },
  { id: "forest", title: "Whispering Forest", x: 0, y: 400, w: 600, h: 400 },
  { id: "harbour", title: "Old Harbour", x: 600, y: 400, w: 600, h: 400 },
];

/** What each place feels like: a line under its title and the accent of the interface. */
export const MOODS = {
  tavern: { line: "Warm windows, tall stories", accent: "#f3b562", ground: "#4a3527" },
  market: { line: "Bunting, bargains, running water", accent: "#f08f73", ground: "#514c5c" },
  forest: { line: "Fireflies keep their distance", accent: "#8fd694", ground: "#23452f" },
  harbour: { line: "Salt, rope and a patient light", accent: "#6fc7e0", ground: "#6a5d4a" },
};
const PLAIN = { line: "Somewhere quiet", accent: "#b7a8f0", ground: "#39433a" };
export const moodOf = (zoneId) => MOODS[zoneId] ?? PLAIN;

const TAU = Math.PI * 2;

/** A seeded generator: the same world on every screen. */
function seeded(text) {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ellipse = (c, x, y, rx, ry, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  c.ellipse(x, y, rx, ry, 0, 0, TAU);
  c.fill();
};
const box = (c, x, y, w, h, r, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  c.roundRect(x, y, w, h, r);
  c.fill();
};
const poly = (c, points, fill) => {
  c.fillStyle = fill;
  c.beginPath();
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
  c.fill();
};
const shadow = (c, x, y, rx, ry, alpha = 0.34) => ellipse(c, x + 3, y, rx, ry, `rgba(8,8,22,${alpha})`);

/* ---------------------------------------------------------------- sprites */

/** A drawing with a foot point, rendered once per scale. */
class Sprite {
  #bitmap = null;
  #scale = 0;
  constructor(width, height, footX, footY, draw) {
    Object.assign(this, { width, height, footX, footY, draw });
  }
  paint(c, x, y, scale) {
    if (this.#scale !== scale) {
      this.#bitmap = document.createElement("canvas");
      this.#bitmap.width = Math.ceil(this.width * scale);
      this.#bitmap.height = Math.ceil(this.height * scale);
      const own = this.#bitmap.getContext("2d");
      own.scale(scale, scale);
      own.translate(this.footX, this.footY);
      this.draw(own);
      this.#scale = scale;
    }
    c.drawImage(this.#bitmap, x - this.footX, y - this.footY, this.width, this.height);
  }
}

const oak = (hue) =>
  new Sprite(104, 122, 52, 108, (c) => {
    const random = seeded("oak" + hue);
    shadow(c, 0, 0, 34, 11);
    box(c, -6, -34, 12, 36, 4, "#4a3426");
    box(c, -6, -34, 5, 36, 3, "#5e4331");
    const leaf = (l, s = 34) => `hsl(${hue} ${s}% ${l}%)`;
    const lobes = [[0, -62, 35], [-24, -50, 23], [24, -50, 23], [-14, -78, 21], [16, -78, 20]];
    for (const [x, y, r] of lobes) ellipse(c, x, y + 5, r, r * 0.92, leaf(17));
    for (const [x, y, r] of lobes) ellipse(c, x - 2, y - 1, r * 0.93, r * 0.85, leaf(24));
    for (const [x, y, r] of lobes) ellipse(c, x - 6, y - 7, r * 0.62, r * 0.52, leaf(31));
    for (let i = 0; i < 26; i++) {
      const angle = random() * TAU, far = Math.sqrt(random()) * 36;
      ellipse(c, Math.cos(angle) * far - 4, -64 + Math.sin(angle) * far * 0.82, 3, 2, leaf(random() > 0.5 ? 36 : 21, 38));
    }
  });

const pine = (hue) =>
  new Sprite(76, 136, 38, 124, (c) => {
    shadow(c, 0, 0, 25, 9);
    box(c, -5, -20, 10, 22, 3, "#40301f");
    for (let tier = 0; tier < 4; tier++) {
      const y = -14 - tier * 24, half = 33 - tier * 6.5;
      poly(c, [[-half, y], [-half * 0.4, y - 5], [0, y + 3], [half * 0.45, y - 5], [half, y], [0, y - 44]], `hsl(${hue} 36% ${15 + tier * 2.2}%)`);
      poly(c, [[-half, y], [-half * 0.4, y - 5], [-3, y + 2], [0, y - 44]], `hsl(${hue} 34% ${21 + tier * 2.8}%)`);
    }
  });

const bush = (hue, bloom) =>
  new Sprite(56, 40, 28, 32, (c) => {
    shadow(c, 0, 0, 22, 7);
    for (const [x, y, r] of [[-12, -7, 12], [11, -7, 12], [0, -12, 15]]) ellipse(c, x, y, r, r * 0.85, `hsl(${hue} 32% 20%)`);
    for (const [x, y, r] of [[-13, -10, 8], [9, -11, 8], [-2, -16, 10]]) ellipse(c, x, y, r, r * 0.75, `hsl(${hue} 33% 28%)`);
    if (bloom) for (const [x, y] of [[-14, -10], [-4, -19], [8, -12], [13, -5], [-6, -6]]) ellipse(c, x, y, 2.2, 2.2, bloom);
  });

const lamp = new Sprite(32, 92, 16, 86, (c) => {
  shadow(c, 0, 0, 9, 4);
  box(c, -2.5, -62, 5, 63, 2, "#23222d");
  box(c, -6, -4, 12, 5, 2, "#23222d");
  poly(c, [[-7, -62], [7, -62], [9, -76], [-9, -76]], "#ffdf9a");
  poly(c, [[-3, -62], [3, -62], [4, -76], [-4, -76]], "#fff4d2");
  poly(c, [[-11, -75], [11, -75], [0, -84]], "#23222d");
});

const table = new Sprite(84, 62, 42, 44, (c) => {
  shadow(c, 0, 2, 34, 13);
  for (const [x, y] of [[-33, 0], [33, 0], [0, 12]]) {
    ellipse(c, x, y + 2, 8.5, 5.5, "#3d2819");
    ellipse(c, x, y - 1, 8.5, 5.5, "#8a5f3d");
  }
  box(c, -4, -12, 8, 16, 2, "#3d2819");
  ellipse(c, 0, -12, 25, 14, "#4a2f1d");
  ellipse(c, 0, -15, 25, 14, "#9a6a43");
  ellipse(c, -2, -16.5, 20, 10.5, "#aa7850");
  for (const [x, y] of [[-12, -17], [11, -14]]) {
    box(c, x - 4, y - 8, 8, 10, 2, "#d9a548");
    ellipse(c, x, y - 8, 4.5, 2.4, "#fff3da");
  }
  box(c, -1.5, -25, 3, 8, 1, "#f2ead8");
  ellipse(c, 0, -27, 1.8, 3, "#ffd27a");
});

const barrel = new Sprite(40, 48, 20, 40, (c) => {
  shadow(c, 0, 0, 15, 6);
  box(c, -13, -28, 26, 30, 8, "#6d4529");
  box(c, -13, -28, 10, 30, 7, "#835637");
  box(c, -13.5, -22, 27, 3, 1, "#2d2a31");
  box(c, -13.5, -7, 27, 3, 1, "#2d2a31");
  ellipse(c, 0, -28, 12, 5, "#9a6b45");
  ellipse(c, 0, -28, 8.5, 3.2, "#7d5231");
});

const crate = new Sprite(46, 46, 23, 38, (c) => {
  shadow(c, 0, 0, 20, 6);
  box(c, -17, -21, 34, 23, 2, "#7b5a38");
  poly(c, [[-17, -21], [17, -21], [13, -32], [-13, -32]], "#a27a4e");
  c.strokeStyle = "#593e25";
  c.lineWidth = 2.2;
  c.strokeRect(-15, -19, 30, 19);
  c.beginPath();
  c.moveTo(-15, 0);
  c.lineTo(15, -19);
  c.stroke();
});

const produce = (colour, light) =>
  new Sprite(46, 44, 23, 36, (c) => {
    shadow(c, 0, 0, 20, 6);
    box(c, -17, -14, 34, 16, 3, "#6b4c2f");
    box(c, -17, -14, 34, 4, 2, "#8b6540");
    for (const [x, y] of [[-11, -17], [0, -18], [11, -17], [-6, -23], [6, -23]]) {
      ellipse(c, x, y, 6, 5.5, colour);
      ellipse(c, x - 1.5, y - 2, 2.6, 2, light);
    }
  });

const stall = (a, b, goods) =>
  new Sprite(136, 118, 68, 104, (c) => {
    shadow(c, 0, 0, 58, 12);
    for (const x of [-50, 46]) box(c, x, -62, 4, 63, 1, "#463023");
    box(c, -48, -50, 96, 26, 0, "#2a2029");
    box(c, -54, -30, 108, 32, 4, "#6b4a30");
    box(c, -54, -30, 108, 9, 3, "#936a45");
    for (let x = -45; x < 54; x += 18) box(c, x, -18, 1.5, 19, 0, "#573a25");
    const random = seeded(a);
    for (let x = -44; x <= 44; x += 11) {
      ellipse(c, x, -31 - random() * 2, 6, 5, goods[Math.floor(random() * goods.length)]);
      ellipse(c, x - 1.5, -33.5, 2, 1.5, "rgba(255,255,255,.35)");
    }
    const stripes = 8, step = 124 / stripes;
    for (let i = 0; i < stripes; i++) {
      const top = -50 + (i * 100) / stripes, x = -62 + i * step;
      const fill = i % 2 ? b : a;
      poly(c, [[top, -94], [top + 100 / stripes, -94], [x + step, -60], [x, -60]], fill);
      ellipse(c, x + step / 2, -60, step / 2, 6, fill);
    }
    poly(c, [[-50, -94], [50, -94], [53, -86], [-53, -86]], "rgba(255,255,255,.14)");
    poly(c, [[-58, -70], [58, -70], [62, -60], [-62, -60]], "rgba(20,10,30,.16)");
  });

const fountain = new Sprite(150, 130, 75, 88, (c) => {
  shadow(c, 0, 6, 66, 30, 0.28);
  ellipse(c, 0, 4, 62, 30, "#5d5a69");
  ellipse(c, 0, -4, 62, 30, "#98939f");
  ellipse(c, 0, -4, 53, 24, "#4b4858");
  ellipse(c, 0, -1, 52, 22, "#2f7d97");
  ellipse(c, -8, -4, 36, 13, "#46a0b6");
  ellipse(c, 0, -4, 18, 8, "#6a6675");
  box(c, -6, -44, 12, 42, 4, "#7d7886");
  box(c, -6, -44, 5, 42, 3, "#a6a1ad");
  ellipse(c, 0, -42, 22, 9, "#67636f");
  ellipse(c, 0, -45, 22, 9, "#aaa5b1");
  ellipse(c, 0, -46, 17, 6, "#55b1c8");
  box(c, -3, -60, 6, 15, 3, "#8c8794");
  ellipse(c, 0, -62, 5, 5, "#b9b4c0");
});

const inn = new Sprite(380, 250, 190, 226, (c) => {
  shadow(c, 6, 0, 168, 18, 0.42);
  box(c, -150, -96, 300, 98, 3, "#cdb28a");
  const wall = c.createLinearGradient(0, -96, 0, 2);
  wall.addColorStop(0, "rgba(40,20,20,.5)");
  wall.addColorStop(0.5, "rgba(40,20,20,.12)");
  wall.addColorStop(1, "rgba(40,20,20,.34)");
  box(c, -150, -96, 300, 98, 3, wall);
  box(c, -152, -16, 304, 18, 2, "#6f6570");
  for (let x = -148; x < 148; x += 23) box(c, x, -14 + ((x / 23) & 1), 19, 7, 2, "#837884");
  for (const x of [-152, -92, -34, 26, 86, 144]) box(c, x, -96, 8, 82, 1, "#4b3020");
  box(c, -152, -60, 304, 5, 0, "#4b3020");
  for (const x of [-128, -72, 46, 104]) {
    box(c, x, -52, 30, 30, 4, "#3b2417");
    const glow = c.createLinearGradient(0, -50, 0, -24);
    glow.addColorStop(0, "#ffe7a8");
    glow.addColorStop(1, "#f6a64a");
    box(c, x + 3, -49, 24, 24, 2, glow);
    box(c, x + 14, -49, 2, 24, 0, "#4b2d19");
    box(c, x + 3, -38, 24, 2, 0, "#4b2d19");
    box(c, x - 2, -22, 34, 5, 2, "#5d3c26");
    for (let i = 0; i < 5; i++) ellipse(c, x + 2 + i * 6.5, -24, 3.5, 3, i % 2 ? "#d8625c" : "#5f8f4e");
  }
  c.fillStyle = "#2f1c12";
  c.beginPath();
  c.roundRect(-19, -58, 38, 60, [18, 18, 0, 0]);
  c.fill();
  c.fillStyle = "#8a4b2b";
  c.beginPath();
  c.roundRect(-15, -54, 30, 56, [15, 15, 0, 0]);
  c.fill();
  for (const x of [-5, 5]) box(c, x, -54, 1.5, 56, 0, "#6a371e");
  ellipse(c, 9, -24, 2, 2, "#f4cf7e");
  // Roof: two slopes of shingles, a ridge, dormers with lit windows, a chimney.
  poly(c, [[-172, -84], [172, -84], [136, -190], [-136, -190]], "#6e2f2e");
  for (let row = 0; row < 7; row++) {
    const y = -182 + row * 15, half = 139 + row * 5;
    for (let x = -half; x < half - 8; x += 17) {
      const shift = row % 2 ? 8 : 0;
      const tone = ["#8a3d38", "#7d3633", "#97473f", "#843a36"][Math.abs(Math.round(x * 7 + row * 3)) % 4];
      c.fillStyle = tone;
      c.beginPath();
      c.roundRect(Math.min(x + shift, half - 14), y - 6, 15.5, 16, [1, 1, 7, 7]);
      c.fill();
    }
  }
  poly(c, [[-172, -84], [172, -84], [170, -76], [-170, -76]], "#3f1c1d");
  box(c, -140, -197, 280, 11, 5, "#5a2627");
  for (const x of [-76, 76]) {
    poly(c, [[x - 27, -116], [x + 27, -116], [x, -158]], "#4e2122");
    poly(c, [[x - 18, -108], [x + 18, -108], [x + 18, -124], [x, -147], [x - 18, -124]], "#bfa27b");
    box(c, x - 9, -130, 18, 19, 3, "#3b2417");
    box(c, x - 7, -128, 14, 15, 2, "#ffd68a");
    box(c, x - 1, -128, 2, 15, 0, "#4b2d19");
  }
  box(c, 98, -220, 26, 42, 2, "#6b606a");
  box(c, 98, -220, 10, 42, 2, "#81757f");
  box(c, 94, -224, 34, 8, 2, "#4f4650");
  // The sign.
  box(c, -58, -78, 4, 0, 0, "#000");
  box(c, -3, -98, 4, 12, 0, "#2d1d14");
  c.fillStyle = "#3a2517";
  c.beginPath();
  c.roundRect(-44, -90, 88, 25, 6);
  c.fill();
  c.strokeStyle = "#d9a85a";
  c.lineWidth = 1.5;
  c.stroke();
  c.fillStyle = "#ffdf9f";
  c.font = "italic 600 14px Georgia, 'Liberation Serif', serif";
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText("The Lantern", 0, -77);
});

const stone = (height, lean) =>
  new Sprite(44, 78, 22, 68, (c) => {
    shadow(c, 0, 0, 15, 6);
    c.rotate(lean);
    c.fillStyle = "#565c66";
    c.beginPath();
    c.roundRect(-11, -height, 22, height + 2, [9, 7, 3, 3]);
    c.fill();
    c.fillStyle = "#737a84";
    c.beginPath();
    c.roundRect(-11, -height, 10, height + 2, [8, 2, 2, 3]);
    c.fill();
    ellipse(c, -5, -3, 8, 4, "#3c6142");
    c.strokeStyle = "#9df0d0";
    c.lineWidth = 1.6;
    c.beginPath();
    c.moveTo(0, -height + 12);
    c.lineTo(0, -height + 27);
    c.moveTo(-4, -height + 16);
    c.lineTo(4, -height + 22);
    c.stroke();
  });

const mushroom = new Sprite(26, 26, 13, 21, (c) => {
  shadow(c, 0, 0, 8, 3);
  box(c, -2.5, -9, 5, 10, 2, "#e7dcc8");
  c.fillStyle = "#c9473f";
  c.beginPath();
  c.ellipse(0, -8, 9, 8, 0, Math.PI, 0);
  c.fill();
  for (const [x, y] of [[-4, -11], [2, -13], [5, -9.5]]) ellipse(c, x, y, 1.5, 1.3, "#fbeee0");
});

const boat = (hull, sail) =>
  new Sprite(140, 150, 70, 122, (c) => {
    ellipse(c, 0, 4, 56, 13, "rgba(4,20,34,.42)");
    c.fillStyle = hull;
    c.beginPath();
    c.moveTo(-54, -18);
    c.quadraticCurveTo(-46, 10, -20, 10);
    c.lineTo(26, 10);
    c.quadraticCurveTo(50, 6, 58, -22);
    c.quadraticCurveTo(0, -8, -54, -18);
    c.fill();
    c.fillStyle = "rgba(255,255,255,.16)";
    c.beginPath();
    c.moveTo(-54, -18);
    c.quadraticCurveTo(0, -8, 58, -22);
    c.lineTo(56, -15);
    c.quadraticCurveTo(0, -2, -52, -12);
    c.fill();
    box(c, -3, -106, 5, 98, 2, "#5b3f2a");
    if (sail) {
      c.fillStyle = sail;
      c.beginPath();
      c.moveTo(5, -102);
      c.quadraticCurveTo(54, -62, 46, -26);
      c.lineTo(5, -22);
      c.fill();
      c.fillStyle = "rgba(0,0,0,.13)";
      c.beginPath();
      c.moveTo(-6, -98);
      c.quadraticCurveTo(-40, -56, -42, -26);
      c.lineTo(-6, -22);
      c.fillStyle = "#e9dcc3";
      c.fill();
      poly(c, [[2, -108], [22, -103], [2, -98]], "#e06b57");
    } else {
      box(c, -30, -32, 22, 18, 3, "#d7c6a3");
      box(c, -33, -36, 28, 6, 2, "#8a3d38");
      box(c, -25, -28, 8, 7, 1, "#ffd68a");
    }
  });

const lighthouse = new Sprite(130, 218, 65, 186, (c) => {
  for (const [x, y, rx, ry, fill] of [[-6, 6, 56, 20, "#343b45"], [-26, 0, 28, 14, "#4d5661"], [24, 2, 30, 15, "#454e59"], [0, -5, 34, 13, "#626c77"]]) ellipse(c, x, y, rx, ry, fill);
  const tower = (y0, y1, fill) => {
    const half = (y) => 22 + (y / 128) * 8;
    poly(c, [[-half(y0), y0], [half(y0), y0], [half(y1), y1], [-half(y1), y1]], fill);
  };
  for (let i = 0; i < 5; i++) tower(-6 - i * 24, -30 - i * 24, i % 2 ? "#c94f45" : "#efe6d6");
  poly(c, [[4, -6], [22, -6], [14.5, -126], [4, -126]], "rgba(30,16,40,.24)");
  box(c, -5, -24, 11, 19, 5, "#4a2e22");
  box(c, -4, -76, 7, 10, 3, "#ffd68a");
  box(c, -21, -133, 42, 8, 2, "#2b2f38");
  box(c, -12, -154, 24, 22, 2, "#ffe9ae");
  for (const x of [-12, -1, 10]) box(c, x, -154, 2.5, 22, 0, "#2b2f38");
  poly(c, [[-17, -153], [17, -153], [0, -172]], "#a63d38");
  ellipse(c, 0, -173, 2.6, 2.6, "#e9dcc3");
});

const bollard = new Sprite(22, 28, 11, 22, (c) => {
  box(c, -5, -15, 10, 17, 3, "#3d2c20");
  ellipse(c, 0, -15, 6, 3, "#8b6544");
  box(c, -6, -9, 12, 3, 1, "#d9c9a2");
});

const OAKS = [128, 112, 140].map(oak);
const PINES = [152, 138, 162].map(pine);
const BUSHES = [bush(120, null), bush(104, "#f2a6b3"), bush(135, "#f4dd8d")];
const STALLS = [
  stall("#d9574c", "#f4e8d3", ["#e2a33c", "#c94f45", "#7fa653"]),
  stall("#2f8f8b", "#f4e8d3", ["#d8d2e6", "#9a7bc0", "#e7c36a"]),
  stall("#d99a3a", "#f7ecd6", ["#a85d33", "#d48a4c", "#f0d9a8"]),
  stall("#7b62b5", "#f1e6f2", ["#4b8db8", "#9ccbe0", "#dfeaf0"]),
];
const PRODUCE = [produce("#d9772f", "#f3ab62"), produce("#b7393f", "#e77a72"), produce("#7f9f45", "#b3cf74")];
const STONES = [stone(46, -0.06), stone(58, 0.04), stone(40, 0.09), stone(52, -0.02)];
const BOATS = [boat("#7a4630", "#f4e9d2"), boat("#2c5b6e", null)];

/* ----------------------------------------------------------------- ground */

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

function waterOf(zone) {
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
const pondOf = (zone) => ({ x: zone.x + zone.w * 0.74, y: zone.y + zone.h * 0.62, rx: 78, ry: 42 });

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

/* ------------------------------------------------------- things that stand */

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

/* ---------------------------------------------------------------- ambience */

/** What moves by itself: garlands, smoke, fireflies, water, the beam of the lighthouse. */
export function paintAmbience(c, zones, seconds) {
  for (const zone of zones) AMBIENCE[zone.id]?.(c, zone, seconds);
}

function garland(c, x0, y0, x1, y1, sag, seconds, colours) {
  c.strokeStyle = "rgba(18,12,20,.75)";
  c.lineWidth = 1.3;
  c.beginPath();
  c.moveTo(x0, y0);
  c.quadraticCurveTo((x0 + x1) / 2, (y0 + y1) / 2 + sag * 2, x1, y1);
  c.stroke();
  const count = Math.round(Math.hypot(x1 - x0, y1 - y0) / 24);
  for (let i = 1; i < count; i++) {
    const t = i / count, u = 1 - t;
    const x = u * u * x0 + 2 * u * t * ((x0 + x1) / 2) + t * t * x1;
    const y = u * u * y0 + 2 * u * t * ((y0 + y1) / 2 + sag * 2) + t * t * y1;
    const colour = colours[i % colours.length];
    c.globalCompositeOperation = "lighter";
    c.globalAlpha = 0.34 + 0.12 * Math.sin(seconds * 2.1 + i * 1.7);
    c.drawImage(glow(colour), x - 13, y - 11, 26, 26);
    c.globalAlpha = 1;
    c.globalCompositeOperation = "source-over";
    ellipse(c, x, y + 2, 2.4, 2.9, "#fff1cd");
  }
}

const AMBIENCE = {
  tavern(c, zone, seconds) {
    const left = zone.x + zone.w * 0.18, right = zone.x + zone.w * 0.82, y = zone.y + zone.h * 0.84 - 76;
    garland(c, left, y, right, y, 26, seconds, ["#ffbf5e", "#ff9c54", "#ffd98a"]);
    for (let i = 0; i < 6; i++) {
      const t = (seconds * 0.16 + i / 6) % 1;
      ellipse(c, zone.x + zone.w * 0.5 + 111 + Math.sin(t * 5 + i) * 7 + t * 20, zone.y + zone.h * 0.46 - 224 - t * 60, 6 + t * 15, 5 + t * 12, `rgba(214,206,222,${0.2 * (1 - t)})`);
    }
  },
  market(c, zone, seconds) {
    const at = (fx, fy) => [zone.x + zone.w * fx, zone.y + zone.h * fy - 76];
    garland(c, ...at(0.37, 0.34), ...at(0.34, 0.7), 12, seconds, ["#ff9d7a", "#ffd98a", "#7fd6ea"]);
    garland(c, ...at(0.63, 0.34), ...at(0.66, 0.7), 12, seconds, ["#ffd98a", "#ff9d7a", "#c8a6ff"]);
    garland(c, ...at(0.34, 0.7), ...at(0.66, 0.7), 20, seconds, ["#ffd98a", "#7fd6ea", "#ff9d7a"]);
    garland(c, ...at(0.37, 0.34), ...at(0.63, 0.34), 16, seconds, ["#c8a6ff", "#ffd98a", "#ff9d7a"]);
    const x = zone.x + zone.w * 0.5, y = zone.y + zone.h * 0.58;
    for (let i = 0; i < 18; i++) {
      const t = (seconds * 0.9 + i / 18) % 1, angle = i * 2.4;
      const far = 6 + t * 30;
      ellipse(c, x + Math.cos(angle) * far, y - 62 - Math.sin(t * Math.PI) * 16 + t * 54 + Math.sin(angle) * far * 0.36, 1.7, 2.4, `rgba(205,244,252,${0.8 * (1 - t * 0.6)})`);
    }
    for (let i = 0; i < 3; i++) {
      const t = (seconds * 0.4 + i / 3) % 1;
      c.strokeStyle = `rgba(205,244,252,${0.4 * (1 - t)})`;
      c.lineWidth = 1.2;
      c.beginPath();
      c.ellipse(x, y - 1, 20 + t * 30, 8 + t * 13, 0, 0, TAU);
      c.stroke();
    }
  },
  forest(c, zone, seconds) {
    c.globalCompositeOperation = "lighter";
    for (let i = 0; i < 34; i++) {
      const bx = ((i * 137.5) % 100) / 100, by = ((i * 61.8) % 100) / 100;
      const x = zone.x + (0.06 + 0.88 * bx) * zone.w + Math.sin(seconds * 0.5 + i * 1.9) * 22;
      const y = zone.y + (0.1 + 0.82 * by) * zone.h + Math.cos(seconds * 0.42 + i * 2.3) * 15;
      c.globalAlpha = Math.max(0, Math.sin(seconds * 1.1 + i * 2.7)) * 0.9;
      c.drawImage(glow("#d8f57a"), x - 9, y - 9, 18, 18);
      ellipse(c, x, y, 1.4, 1.4, "#f6ffc9");
    }
    c.globalAlpha = 1;
    c.globalCompositeOperation = "source-over";
    const pond = pondOf(zone);
    for (let i = 0; i < 2; i++) {
      const t = (seconds * 0.22 + i / 2) % 1;
      c.strokeStyle = `rgba(180,236,232,${0.34 * (1 - t)})`;
      c.lineWidth = 1.2;
      c.beginPath();
      c.ellipse(pond.x - 12 + i * 30, pond.y + 2 - i * 8, 4 + t * 26, 2 + t * 12, 0, 0, TAU);
      c.stroke();
    }
  },
  harbour(c, zone, seconds) {
    c.save();
    c.beginPath();
    c.rect(zone.x, zone.y, zone.w, zone.h);
    c.clip();
    c.clip(waterOf(zone));
    for (let i = 0; i < 34; i++) {
      const x = zone.x + zone.w * (0.28 + 0.72 * (((i * 73.1) % 100) / 100)) + Math.sin(seconds * 0.6 + i) * 9;
      const y = zone.y + zone.h * (0.18 + 0.8 * (((i * 41.7) % 100) / 100));
      const alpha = 0.3 * Math.max(0, Math.sin(seconds * 0.9 + i * 1.3));
      c.strokeStyle = `rgba(206,244,246,${alpha})`;
      c.lineWidth = 1.7;
      c.beginPath();
      c.moveTo(x - 10, y);
      c.quadraticCurveTo(x, y - 4, x + 10, y);
      c.stroke();
    }
    c.restore();
  },
};

/** Light that falls over everything, players too. */
export function paintBeam(c, zones, seconds) {
  const zone = zones.find((candidate) => candidate.id === "harbour");
  if (!zone) return;
  const x = zone.x + zone.w * 0.87, y = zone.y + zone.h * 0.88 - 143;
  const angle = Math.PI * 1.18 + Math.sin(seconds * 0.35) * 0.62, length = 470;
  const gradient = c.createRadialGradient(x, y, 10, x, y, length);
  gradient.addColorStop(0, "rgba(255,236,178,.17)");
  gradient.addColorStop(0.5, "rgba(255,236,178,.07)");
  gradient.addColorStop(0.95, "rgba(255,236,178,0)");
  c.globalCompositeOperation = "lighter";
  c.fillStyle = gradient;
  for (const half of [0.14, 0.1, 0.06]) {
    c.beginPath();
    c.moveTo(x, y);
    c.arc(x, y, length, angle - half, angle + half);
    c.closePath();
    c.fill();
  }
  c.globalCompositeOperation = "source-over";
}

/* ------------------------------------------------------------------ people */

const tint = (colour, amount) => `color-mix(in srgb, ${colour}, ${amount > 0 ? "white" : "black"} ${Math.abs(amount)}%)`;

/** A hooded traveller, feet at (0, 0). `walk` is the phase of the step, 0 when standing. */
export function paintTraveller(c, colour, { facingX, facingY, walk, swimming, mine, seconds }) {
  const bob = Math.abs(Math.sin(walk)) * 3;
  if (mine) {
    c.strokeStyle = "rgba(255,255,255,.75)";
    c.lineWidth = 1.8;
    c.setLineDash([7, 5]);
    c.lineDashOffset = -seconds * 9;
    c.beginPath();
    c.ellipse(0, 0, 20, 9, 0, 0, TAU);
    c.stroke();
    c.setLineDash([]);
  }
  if (swimming) {
    for (let i = 0; i < 2; i++) {
      const t = (seconds * 0.6 + i / 2) % 1;
      c.strokeStyle = `rgba(214,246,250,${0.6 * (1 - t)})`;
      c.lineWidth = 1.5;
      c.beginPath();
      c.ellipse(0, -3, 13 + t * 13, 5 + t * 6, 0, 0, TAU);
      c.stroke();
    }
    c.save();
    c.beginPath();
    c.rect(-30, -80, 60, 77);
    c.clip();
    c.translate(0, 12 + Math.sin(seconds * 2.2) * 1.5);
  } else {
    shadow(c, -2, 1, 14, 6, 0.42);
    for (const side of [-1, 1]) ellipse(c, side * 5, -1 - Math.max(0, Math.sin(walk + (side > 0 ? Math.PI : 0))) * 4, 4, 3, "#2a1f25");
  }
  c.translate(0, -bob);
  const cloak = c.createLinearGradient(0, -34, 0, 0);
  cloak.addColorStop(0, tint(colour, 12));
  cloak.addColorStop(1, tint(colour, -32));
  c.fillStyle = cloak;
  c.beginPath();
  c.moveTo(-8, -25);
  c.bezierCurveTo(-12, -14, -14, -8, -14, -3);
  c.quadraticCurveTo(0, 3, 14, -3);
  c.bezierCurveTo(14, -8, 12, -14, 8, -25);
  c.closePath();
  c.fill();
  c.fillStyle = "rgba(255,255,255,.18)";
  c.beginPath();
  c.moveTo(-8, -24);
  c.bezierCurveTo(-12, -14, -14, -8, -14, -3);
  c.quadraticCurveTo(-10, -1, -7, -0.5);
  c.quadraticCurveTo(-8, -14, -4, -24);
  c.fill();
  ellipse(c, 0, -30, 12.5, 12, tint(colour, -12));
  ellipse(c, -1, -31.5, 11.5, 11, tint(colour, 16));
  if (facingY > -0.6) {
    const x = facingX * 3.6, y = -29 + Math.max(0, facingY) * 2;
    ellipse(c, x, y, 8, 7.4, "#2b1d22");
    ellipse(c, x + facingX * 0.6, y + 0.8, 6.8, 6.2, "#f1d0ad");
    const blink = seconds % 4.3 < 0.12 ? 0.3 : 1.9;
    for (const side of [-1, 1]) ellipse(c, x + side * 2.7 + facingX * 1.6, y + 0.6, 1.35, blink, "#2b1d22");
  }
  ellipse(c, 0, -20.5, 7.5, 2.8, tint(colour, 42));
  if (swimming) c.restore();
}
