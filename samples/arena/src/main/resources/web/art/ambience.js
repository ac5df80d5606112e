// Living things and light: garlands, smoke, fireflies, water, the beam of the lighthouse.
import { glow } from "./furniture.js";
import { pondOf, waterOf } from "./ground.js";
import { ellipse, TAU } from "./shapes.js";

/** Called for every frame, with the time in seconds. */
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
