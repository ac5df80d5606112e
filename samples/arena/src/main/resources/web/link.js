// The Socket.IO side: one socket, its token, its cuts and its recoveries.
import { Refused, refresh } from "./rest.js";

/** Reliable events: what a recovery replays. Movement is volatile and is not among them. */
const RELIABLE = ["chat:said", "presence:snapshot", "presence:diff"];
const REFRESH_BEFORE_MILLIS = 60_000;
const ACK_MILLIS = 8_000;
/** The player is in another window now: this one doesn't come back by itself. */
export const ELSEWHERE = "logged_in_elsewhere";
/** The server has ended the session, and a new one would end as well. */
export const ENDED = "server_disconnect";

/**
 * Hears: `state(name, detail)`, `fresh()` for the first session, `welcome`, `moved`, `reliable(event, payload, missed)`, `recovery(recovered)`,
 * `notice(error)`, `log(kind, text)`, `refused(error)`.
 */
export class Link {
  #token;
  #hear;
  #replaying = false; // from `connection:restored` to the `welcome` behind what was missed
  #met = false;
  #away = null;
  #refreshTimer = 0;
  #pendingMove = null;
  #moveTimer = 0;
  #sentence = null; // why the server ends the session, for people
  #reason = null; // and for programs

  /** @param token null for somebody who only watches */
  constructor(token, hear) {
    this.#hear = hear;
    this.socket = globalThis.io({
      autoConnect: false,
      auth: (give) => give(this.#token ? { token: this.#token } : {}),
      reconnectionDelay: 600,
      reconnectionDelayMax: 4000,
    });
    if (token) this.#useToken(token);
    this.#watch();
  }

  open() {
    this.#hear.state("connecting");
    this.socket.connect();
  }

  close() {
    clearTimeout(this.#refreshTimer);
    clearTimeout(this.#moveTimer);
    this.#endCut();
    this.socket.disconnect();
    this.socket.removeAllListeners();
    this.socket.io.removeAllListeners();
  }

  get connected() {
    return this.socket.connected;
  }
  get transport() {
    return this.socket.io.engine?.transport?.name ?? "";
  }
  get away() {
    return this.#away;
  }

  /** A request: resolves with the reply, rejects with {@link Refused}. */
  async ask(event, ...payload) {
    let reply;
    try {
      reply = await this.socket.timeout(ACK_MILLIS).emitWithAck(event, ...payload);
    } catch {
      throw new Refused({ code: "NO_ANSWER", message: "No answer came in time." });
    }
    if (reply?.error) throw new Refused(reply.error);
    return reply ?? {};
  }

  /** Says that I am `away`, or `connected`: until I say otherwise. */
  status(word) {
    this.socket.emit("status", word);
  }

  wave() {
    this.socket.emit("wave");
  }

  /** Logs in who has watched until now: the session goes on as the player's. */
  async authenticate(token) {
    await this.ask("authenticate", { token });
    this.#useToken(token);
  }

  /** At most fifteen positions a second; the last one always leaves. */
  move(x, y) {
    this.#pendingMove = { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
    if (this.#moveTimer) return;
    this.#sendMove();
    this.#moveTimer = setTimeout(() => {
      this.#moveTimer = 0;
      if (this.#pendingMove) this.move(this.#pendingMove.x, this.#pendingMove.y);
    }, 67);
  }
  #sendMove() {
    if (this.socket.connected) this.socket.volatile.emit("move", this.#pendingMove);
    this.#pendingMove = null;
  }

  /** Drops the transport under the session and stays away for a while. The session itself isn't told. */
  cut(millis) {
    if (!this.socket.connected || this.#away) return;
    this.#away = { until: performance.now() + millis, total: millis, ended: false };
    this.socket.io.reconnection(false);
    this.socket.io.engine.close();
    const tick = () => {
      if (!this.#away) return;
      const left = this.#away.until - performance.now();
      if (left <= 0) this.comeBack();
      else {
        this.#hear.state("away", { left, total: this.#away.total });
        this.#away.timer = setTimeout(tick, 100);
      }
    };
    tick();
  }
  stayLonger(millis) {
    if (!this.#away) return;
    this.#away.until += millis;
    this.#away.total += millis;
  }
  comeBack() {
    if (!this.#away) return;
    this.#endCut();
    this.#hear.state("reconnecting");
    this.socket.connect();
  }
  #endCut() {
    clearTimeout(this.#away?.timer);
    this.#away = null;
    this.socket.io.reconnection(true);
  }

  #watch() {
    const { socket } = this, manager = socket.io;
    manager.on("open", () => {
      const engine = manager.engine;
      this.#hear.log("link", `transport open (${engine.transport.name})`);
      engine.once("upgrade", (transport) => {
        this.#hear.log("link", `upgraded to ${transport.name}`);
        if (socket.connected) this.#hear.state("connected");
      });
    });
    manager.on("reconnect_attempt", (attempt) => {
      if (attempt > 1) this.#hear.log("link", `reconnecting, attempt ${attempt}`);
      this.#hear.state("reconnecting", { attempt });
    });

    socket.on("connect", () => this.#hear.state("connected"));
    socket.on("connection:confirmed", ({ socketId }) => {
      if (this.#met) return this.#hear.recovery(false);
      this.#met = true;
      this.#hear.log("ok", `connected as session ${short(socketId)}`);
      this.#hear.fresh();
    });
    socket.on("connection:restored", () => (this.#replaying = true));
    socket.on("connection:closed", (reason) => (this.#reason = reason));
    socket.on("force_disconnect", (sentence) => (this.#sentence = sentence));
    socket.on("welcome", (welcome) => {
      this.#hear.welcome(welcome);
      if (!this.#replaying) return;
      this.#replaying = false;
      this.#hear.recovery(true);
    });
    socket.on("disconnect", (reason) => {
      this.#replaying = false;
      this.#hear.log("cut", `connection lost (${this.#reason ?? reason})`);
      if (this.#away) return;
      if (reason === "io server disconnect") this.#hear.refused(new Refused({ code: this.#reason ?? ENDED, message: this.#sentence ?? "The server ended the session." }));
      else if (reason !== "io client disconnect") this.#hear.state("reconnecting");
    });
    socket.on("connect_error", (error) => {
      if (socket.active && manager.reconnection()) return this.#hear.state("reconnecting");
      this.#hear.log("cut", `refused: ${error.message}`);
      this.#hear.refused(new Refused({ code: error.data?.code ?? "REFUSED", message: error.data?.message ?? error.message }));
    });

    for (const event of RELIABLE) {
      socket.on(event, (payload) => {
        if (!payload || typeof payload !== "object") return;
        this.#hear.reliable(event, payload, this.#replaying);
      });
    }
    // Several small events in one, each as it would have come by itself.
    socket.on("batch:events", ({ events }) => {
      for (const { type, data } of events) for (const payload of data) this.#hear.reliable(type, payload, this.#replaying);
    });
    socket.on("moved", (payload) => payload && this.#hear.moved(payload));
    for (const event of ["realtime:error", "error:rate_limited", "error:invalid_action"]) {
      socket.on(event, (error) => this.#hear.notice(error ?? {}));
    }
    socket.on("error:permission_denied", (action, error) => this.#hear.notice({ ...error, event: action }));
  }

  /** The token is renewed a minute before it ends; its lifetime is read from it, so that this clock needn't be right. */
  #useToken(token) {
    this.#token = token;
    clearTimeout(this.#refreshTimer);
    const lifetime = lifetimeMillis(token);
    if (!lifetime) return;
    const wait = lifetime > 2 * REFRESH_BEFORE_MILLIS ? lifetime - REFRESH_BEFORE_MILLIS : lifetime / 2;
    this.#refreshTimer = setTimeout(() => this.#renew(), Math.min(wait, 2 ** 31 - 1));
  }
  async #renew() {
    try {
      const { token } = await refresh(this.#token);
      this.#useToken(token);
      if (this.socket.connected) await this.ask("auth:refresh", { token });
      this.#hear.log("ok", "token renewed");
    } catch (refused) {
      this.#hear.log("cut", `token not renewed: ${refused.message}`);
      if (refused.code === "UNREACHABLE") this.#refreshTimer = setTimeout(() => this.#renew(), 5000);
    }
  }
}

export const short = (id) => (id ? `${id.slice(0, 6)}…` : "–");

function lifetimeMillis(token) {
  try {
    const { iat, exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return exp && iat ? (exp - iat) * 1000 : 0;
  } catch {
    return 0;
  }
}
