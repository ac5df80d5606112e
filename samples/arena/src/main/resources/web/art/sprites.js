// Things that stand on the ground: drawn by hand in code, their foot at (0, 0), cached as bitmaps.
import { box, ellipse, poly, seeded, shadow, TAU } from "./shapes.js";

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

export const lamp = new Sprite(32, 92, 16, 86, (c) => {
  shadow(c, 0, 0, 9, 4);
  box(c, -2.5, -62, 5, 63, 2, "#23222d");
  box(c, -6, -4, 12, 5, 2, "#23222d");
  poly(c, [[-7, -62], [7, -62], [9, -76], [-9, -76]], "#ffdf9a");
  poly(c, [[-3, -62], [3, -62], [4, -76], [-4, -76]], "#fff4d2");
  poly(c, [[-11, -75], [11, -75], [0, -84]], "#23222d");
});

export const table = new Sprite(84, 62, 42, 44, (c) => {
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

export const barrel = new Sprite(40, 48, 20, 40, (c) => {
  shadow(c, 0, 0, 15, 6);
  box(c, -13, -28, 26, 30, 8, "#6d4529");
  box(c, -13, -28, 10, 30, 7, "#835637");
  box(c, -13.5, -22, 27, 3, 1, "#2d2a31");
  box(c, -13.5, -7, 27, 3, 1, "#2d2a31");
  ellipse(c, 0, -28, 12, 5, "#9a6b45");
  ellipse(c, 0, -28, 8.5, 3.2, "#7d5231");
});

export const crate = new Sprite(46, 46, 23, 38, (c) => {
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

export const fountain = new Sprite(150, 130, 75, 88, (c) => {
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

export const inn = new Sprite(380, 250, 190, 226, (c) => {
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

export const mushroom = new Sprite(26, 26, 13, 21, (c) => {
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

export const lighthouse = new Sprite(130, 218, 65, 186, (c) => {
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

export const bollard = new Sprite(22, 28, 11, 22, (c) => {
  box(c, -5, -15, 10, 17, 3, "#3d2c20");
  ellipse(c, 0, -15, 6, 3, "#8b6544");
  box(c, -6, -9, 12, 3, 1, "#d9c9a2");
});

export const OAKS = [128, 112, 140].map(oak);
export const PINES = [152, 138, 162].map(pine);
export const BUSHES = [bush(120, null), bush(104, "#f2a6b3"), bush(135, "#f4dd8d")];
export const STALLS = [
  stall("#d9574c", "#f4e8d3", ["#e2a33c", "#c94f45", "#7fa653"]),
  stall("#2f8f8b", "#f4e8d3", ["#d8d2e6", "#9a7bc0", "#e7c36a"]),
  stall("#d99a3a", "#f7ecd6", ["#a85d33", "#d48a4c", "#f0d9a8"]),
  stall("#7b62b5", "#f1e6f2", ["#4b8db8", "#9ccbe0", "#dfeaf0"]),
];
export const PRODUCE = [produce("#d9772f", "#f3ab62"), produce("#b7393f", "#e77a72"), produce("#7f9f45", "#b3cf74")];
export const STONES = [stone(46, -0.06), stone(58, 0.04), stone(40, 0.09), stone(52, -0.02)];
export const BOATS = [boat("#7a4630", "#f4e9d2"), boat("#2c5b6e", null)];
