// The post: letters to people who were met, whether they are there or not, and those that have come.
import { $, log, toast } from "./panel.js";

export class Post {
  #me;
  #link = null;
  #met = new Map(); // id -> name
  #read = new Set(); // a letter whose acknowledgement was lost comes again, with the same id

  /** @param me returns the player that this page is, or null */
  constructor(me) {
    this.#me = me;
    $("letter").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write($("letter-to").value, $("letter-text").value.trim());
    });
  }

  listen(link) {
    this.#link = link;
    link.socket.on("offline_message_delivery", (letter, acknowledge) => {
      if (!this.#read.has(letter.id)) this.#show(letter);
      this.#read.add(letter.id);
      acknowledge();
    });
    link.socket.on("offline_messages_complete", ({ count }) => log("ok", count === 1 ? "a letter had waited" : `${count} letters had waited`));
  }

  /** Somebody is seen, to whom letters may go from now on. */
  meet({ id, name }) {
    if (!this.#me() || id === this.#me().id || this.#met.has(id)) return;
    this.#met.set(id, name);
    const option = document.createElement("option");
    option.value = id;
    option.textContent = name;
    $("letter-to").append(option);
  }

  #show({ sender_name, content }) {
    const item = document.createElement("li");
    item.textContent = `${sender_name}: ${content}`;
    $("letters").prepend(item);
    toast(`A letter from ${sender_name}`);
  }

  async #write(to, text) {
    try {
      await this.#link.ask("letter:write", { to, text });
      $("letter-text").value = "";
      toast("The letter is on its way.");
    } catch (refused) {
      toast(refused.message, "bad");
    }
  }
}
