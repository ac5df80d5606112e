// The game at the tavern's table: shared state, of which every page that watches sees each version once and in order.
import { $, log, toast } from "./panel.js";

export class Table {
  #me;
  #link = null;
  #seen = null; // what the server told last: {gameState, version, timestamp}
  #mine = null; // the same with a move that was made while cut off, which the server doesn't know yet
  #rung = 0; // when the game was to begin of which we have heard that it does

  /** @param me returns the player that this page is, or null */
  constructor(me) {
    this.#me = me;
    $("sit").addEventListener("click", () => this.#ask(this.#seat() < 0 || this.#game().left === 0 ? "game:sit" : "game:rise"));
    for (const button of this.#takers()) button.addEventListener("click", () => this.#take(Number(button.dataset.take)));
    this.paint();
  }

  listen(link) {
    this.#link = link;
    for (const event of ["game:state-restored", "game:state-update"]) link.socket.on(event, (shown) => this.#show(shown));
    link.socket.on("game:begin", () => this.#begin());
    link.socket.on("game:conflict-resolved", ({ conflictedStates }) => log("ok", `game: ${conflictedStates} copies were compared, one holds`));
    link.socket.on("welcome", () => this.#settle());
  }

  #show(shown) {
    this.#seen = shown;
    this.paint();
  }

  #begin() {
    this.#rung = this.#game()?.beginsAt;
    if (this.#seat() >= 0) toast("The game begins.");
    this.paint();
  }

  #game() {
    return (this.#mine ?? this.#seen)?.gameState;
  }
  #seat() {
    return this.#game()?.seats.findIndex(({ id }) => id === this.#me()?.id) ?? -1;
  }
  #takers() {
    return document.querySelectorAll("[data-take]");
  }

  async #ask(...request) {
    try {
      await this.#link.ask(...request);
    } catch (refused) {
      toast(refused.message, "bad");
    }
  }

  /** A move goes to the server; while cut off it is made here, and compared with the server's game on return. */
  #take(count) {
    if (this.#link.connected) return this.#ask("game:take", { count });
    const game = this.#game();
    this.#mine = { ...this.#seen, gameState: { ...game, left: game.left - count, turn: 1 - game.turn }, timestamp: Date.now() };
    this.paint();
  }

  async #settle() {
    if (!this.#mine) return;
    const { version, gameState, timestamp } = this.#mine;
    await this.#ask("game:settle", { version, gameState, timestamp });
    this.#mine = null;
    this.paint();
  }

  paint() {
    const game = this.#game(), seat = this.#seat();
    const playing = game?.seats.length === 2 && game.left > 0 && (this.#rung === game.beginsAt || Date.now() >= game.beginsAt || game.turn > 0);
    $("table-text").textContent = words(game, playing) + (this.#mine ? " (told when you are back)" : "");
    $("pebbles").textContent = "●".repeat(game?.seats.length === 2 ? game.left : 0);
    $("sit").textContent = seat < 0 || game.left === 0 ? "Sit down" : "Stand up";
    $("sit").disabled = !this.#me() || (playing && seat >= 0);
    for (const button of this.#takers()) button.disabled = !playing || seat !== game.turn || Number(button.dataset.take) > game.left;
  }
}

function words(game, playing) {
  if (!game) return "Nobody sits at the table.";
  const [first, second] = game.seats;
  if (!second) return `${first.name} waits for somebody to play with.`;
  if (game.left === 0) return `${game.seats[1 - game.turn].name} has taken the last pebble and wins.`;
  if (!playing) return `${first.name} and ${second.name} begin in a moment.`;
  return `${game.seats[game.turn].name} takes one to three of ${game.left}.`;
}
