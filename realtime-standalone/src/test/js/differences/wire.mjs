// Raw clients: HTTP, Engine.IO over polling, Engine.IO over WebSocket. Nothing here knows which server it talks to.
import http from "node:http";
import net from "node:net";
import { WebSocket } from "ws";

const PATIENCE = 20_000;
const open = new Set();

/** Ends what a behaviour has left open. */
export function closeAll() {
  open.forEach((end) => end());
  open.clear();
}

export function later(end) {
  open.add(end);
}

/** Fails when what is waited for does not come: a behaviour never takes silence for an answer. */
export function patiently(promise, what) {
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${PATIENCE} ms: ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again until the answer is yes. */
export async function until(condition, what) {
  const deadline = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${PATIENCE} ms: ${what}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Members in the order of their names: they have none. */
function sorted(key, value) {
  return value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, value[name]]))
    : value;
}

/** What is free to differ is left out: ids, and how JSON is written. */
export function plain(text) {
  const hidden = text.replace(/(\\?")(sid|pid)(\\?":\\?")[^"\\]*/g, "$1$2$3*");
  const start = hidden.search(/[[{]/);
  if (start < 0) {
    return hidden;
  }
  try {
    return hidden.slice(0, start) + JSON.stringify(JSON.parse(hidden.slice(start)), sorted);
  } catch {
    return hidden;
  }
}

/** One HTTP exchange. */
export function request(origin, target, { method = "GET", headers = {}, body } = {}) {
  const url = new URL(origin);
  const answered = new Promise((resolve, reject) => {
    const sent = http.request(
      { host: url.hostname, port: url.port, path: target, method, headers, agent: false },
      (reply) => {
        const parts = [];
        reply.on("data", (part) => parts.push(part));
        reply.on("end", () =>
          resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts).toString() }),
        );
        reply.on("error", reject);
      },
    );
    sent.on("error", reject);
    later(() => sent.destroy());
    sent.end(body);
  });
  return patiently(answered, `${method} ${target}`);
}

/** Status and body, and the headers that are asked for. */
export function shown({ status, headers, body }, ...names) {
  const lines = [`${status}${body ? ` ${plain(body)}` : ""}`];
  return [...lines, ...names.map((name) => `${name}: ${headers[name.toLowerCase()] ?? "-"}`)];
}

/** An Engine.IO connection over polling. */
export class Polling {
  constructor(origin, { path = "/socket.io/", headers = {}, query = "" } = {}) {
    this.origin = origin;
    this.headers = headers;
    this.target = `${path}?EIO=4&transport=polling${query}`;
  }

  async open() {
    const reply = await request(this.origin, this.target, { headers: this.headers });
    this.sid = JSON.parse(reply.body.slice(1)).sid;
    return this;
  }

  /** With a session in the main namespace. */
  async connect() {
    await this.open();
    await this.post("40");
    while ((await this.poll()).every((packet) => !packet.startsWith("40"))) {}
    return this;
  }

  get session() {
    return `${this.target}&sid=${this.sid}`;
  }

  get(options = {}) {
    return request(this.origin, this.session, { headers: this.headers, ...options });
  }

  post(body, headers = {}) {
    return request(this.origin, this.session, {
      method: "POST",
      headers: { "content-type": "text/plain;charset=UTF-8", ...this.headers, ...headers },
      body,
    });
  }

  /** The packets of one poll, or what it was answered instead. */
  async poll() {
    const reply = await this.get();
    return reply.status === 200 ? reply.body.split("\x1e").map(plain) : shown(reply);
  }

  /**
   * What has come by the time in which a question that is sent now is answered, or {@code closed}: there is a behaviour of its own for how a client
   * hears of that. NOOPs say nothing.
   */
  async rest() {
    await this.post('4299["echo","marker"]');
    const seen = [];
    while (true) {
      for (const packet of await this.poll()) {
        if (packet === '4399["marker"]') {
          return seen;
        }
        if (packet === "1" || packet.startsWith("400 ")) {
          return [...seen, "closed"];
        }
        if (packet !== "6") {
          seen.push(packet);
        }
      }
    }
  }
}

/** An Engine.IO connection over WebSocket. */
export class Socket {
  constructor(origin, { path = "/socket.io/", query = "EIO=4&transport=websocket", protocols = [], headers = {} } = {}) {
    this.seen = [];
    this.wake = () => {};
    this.ws = new WebSocket(`${origin.replace("http", "ws")}${path}?${query}`, protocols, { headers });
    this.ws.on("message", (data, binary) => this.take(binary ? `<${data.toString("hex")}>` : plain(data.toString())));
    this.ws.on("close", (code) => {
      this.code = code;
      this.take("closed");
    });
    this.ws.on("error", () => {});
    this.ws.on("upgrade", (reply) => (this.headers = reply.headers));
    this.ws.on("unexpected-response", (sent, reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => {
        this.reply = { status: reply.statusCode, headers: reply.headers, body: Buffer.concat(parts).toString() };
        this.take(`refused ${reply.statusCode}`);
      });
    });
    later(() => this.ws.terminate());
  }

  take(frame) {
    this.seen.push(frame);
    this.wake();
  }

  /** The next frame, {@code closed}, or {@code refused} and the status. */
  async next() {
    while (this.seen.length === 0) {
      await patiently(new Promise((resolve) => (this.wake = resolve)), "a frame");
    }
    return this.seen.shift();
  }

  /** All frames up to and with this one. */
  async upTo(last) {
    const frames = [];
    do {
      frames.push(await this.next());
    } while (frames.at(-1) !== last && frames.at(-1) !== "closed");
    return frames;
  }

  opening() {
    return this.ws.readyState > 0 ? undefined : patiently(new Promise((resolve) => this.ws.once("open", resolve)), "the WebSocket");
  }

  /** With a session in a namespace. */
  async connect(namespace = "/", auth = "") {
    if (!this.opened) {
      this.opened = await this.next();
    }
    this.send(`40${namespace === "/" ? "" : `${namespace},`}${auth}`);
    this.answer = await this.next();
    return this;
  }

  send(...frames) {
    frames.forEach((frame) => this.ws.send(frame));
    return this;
  }

  /** What has come by the time in which a question that is sent now is answered, or until the end. */
  async rest(namespace = "/") {
    await this.opening();
    const front = namespace === "/" ? "" : `${namespace},`;
    this.send(`42${front}99["echo","marker"]`);
    return (await this.upTo(`43${front}99["marker"]`)).filter((frame) => !frame.startsWith(`43${front}99[`));
  }
}

/** The status with which a server answers bytes that no HTTP client would send. */
export function status(origin, text) {
  const url = new URL(origin);
  const answered = new Promise((resolve, reject) => {
    const socket = net.connect(Number(url.port), url.hostname, () => socket.write(text));
    let answer = "";
    later(() => socket.destroy());
    socket.on("data", (part) => {
      answer += part;
      if (answer.includes("\r\n")) {
        resolve(answer.split(" ")[1]);
      }
    });
    socket.on("error", reject);
  });
  return patiently(answered, "an answer");
}
