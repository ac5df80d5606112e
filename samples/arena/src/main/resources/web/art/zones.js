// What the page knows of places by itself: a layout for the entry screen and the mood of each zone.

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
