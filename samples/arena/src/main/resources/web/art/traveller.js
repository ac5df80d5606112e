// The people: hooded travellers in the colour the server gives them.
import { ellipse, shadow, TAU } from "./shapes.js";

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
