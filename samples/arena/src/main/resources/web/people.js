// Who is in which zone and in which state, on all nodes, as the server's presence tells it.

/** A person is `{id, name, colour, x, y, status}`; x and y are where they entered the zone. */
export class People {
  #zones = new Map(); // zone -> Map(id -> person)

  in(zone) {
    return this.#zones.get(zone) ?? new Map();
  }

  /**
   * Takes what `presence:snapshot` or `presence:diff` brings. Returns what a diff has changed:
   * `{zone, what, who}`, where `what` is `came`, `left`, or the new status.
   */
  take(entries) {
    const changes = [];
    for (const entry of entries) {
      if (!entry.room?.startsWith("zone:")) continue;
      const zone = entry.room.slice("zone:".length);
      if (entry.users) this.#zones.set(zone, new Map(entry.users.map((user) => [user.user, person(user)])));
      else changes.push(...this.#change(zone, entry));
    }
    return changes;
  }

  #change(zone, { joined = [], left = [], changed = [] }) {
    if (!this.#zones.has(zone)) this.#zones.set(zone, new Map());
    const here = this.#zones.get(zone), changes = [];
    for (const id of left) {
      const who = here.get(id);
      if (here.delete(id)) changes.push({ zone, what: "left", who });
    }
    for (const user of [...joined, ...changed]) {
      const who = person(user), before = here.get(who.id);
      here.set(who.id, who);
      if (before?.status !== who.status) changes.push({ zone, what: before ? who.status : "came", who });
    }
    return changes;
  }
}

function person({ user, status, sessions = [] }) {
  const shown = sessions.find((session) => session.shown?.player)?.shown.player ?? {};
  return { name: user, colour: "#b9bfd0", ...shown, id: user, status };
}
