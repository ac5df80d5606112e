// The market: a purchase is asked for until there is an answer, always by the same id, and paid for once.
import { $, toast } from "./panel.js";

const ATTEMPTS = 3;

export class Market {
  #link = null;

  constructor() {
    for (const button of document.querySelectorAll("[data-buy]")) button.addEventListener("click", () => this.#buy(button.dataset.buy));
  }

  listen(link) {
    this.#link = link;
    for (const event of ["purse:state-restored", "purse:state-update"]) link.socket.on(event, ({ state }) => this.#show(state));
  }

  #show(purse) {
    const goods = Object.entries(purse?.goods ?? {}).map(([item, count]) => `${count} × ${item}`);
    $("purse").textContent = [`${purse?.coins ?? 10} coins`, ...goods].join(", ");
  }

  async #buy(item) {
    const purchase = { requestId: `${Date.now()}-${Math.random()}`, item };
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#link.ask("market:buy", purchase);
        return;
      } catch (refused) {
        if (refused.code !== "NO_ANSWER" || attempt === ATTEMPTS) return toast(refused.message, "bad");
      }
    }
  }
}
