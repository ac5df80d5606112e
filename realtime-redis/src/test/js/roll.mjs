// Official clients behind a balancer of TCP connections, while nodes come and go. Takes one JSON command a line, answers with one JSON message a line.
// Run: node roll.mjs 300
import { get } from "node:http";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { io } from "socket.io-client";

const CLIENTS = Number(process.argv[2]);
const ZONE = 10; // members who hear each other
const PROBE = 500; // ms

// ---- the balancer: round robin among the nodes that say that they are ready

const nodes = [];
let turn = 0;
let peak = 0; // connections of one node, at most

function probe(node) {
  const request = get({ port: node.port, host: "127.0.0.1", path: "/health/ready", timeout: PROBE, agent: false }, (reply) => {
    reply.resume();
    node.ready = reply.statusCode === 200;
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => (node.ready = false));
}

setInterval(() => nodes.forEach(probe), PROBE);

const balancer = createServer((client) => {
  const ready = nodes.filter((node) => node.ready);
  if (ready.length === 0) {
    client.destroy();
    return;
  }
  const node = ready[turn++ % ready.length];
  const upstream = connect(node.port, "127.0.0.1");
  node.open++;
  peak = Math.max(peak, node.open);
  let open = true;
  const end = () => {
    if (open) {
      open = false;
      node.open--;
      client.destroy();
      upstream.destroy();
    }
  };
  for (const side of [client, upstream]) {
    side.setNoDelay(true);
    side.on("error", end);
    side.on("close", end);
  }
  client.pipe(upstream);
  upstream.pipe(client);
});
await new Promise((listening) => balancer.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${balancer.address().port}`;

// ---- the clients: each says numbers to its zone, and keeps what it hears of each

const seen = { moves: 0, resumed: 0, fresh: 0, slowest: 0, unanswered: 0, reasons: {} };
const clients = [];
let over = false;

function arrive(number) {
  const client = { user: `u${number}`, zone: Math.floor(number / ZONE), said: 0, heard: new Map(), left: 0 };
  client.socket = io(url, {
    forceNew: true,
    transports: ["websocket"],
    auth: { user: client.user },
    retries: 20,
    ackTimeout: 5_000,
    reconnectionDelay: 500,
    reconnectionDelayMax: 2_000,
  });
  client.socket.on("said", ({ from, number }) => {
    if (!client.heard.has(from)) {
      client.heard.set(from, []);
    }
    client.heard.get(from).push(number);
  });
  client.socket.on("disconnect", (reason) => {
    client.left = Date.now();
    seen.reasons[reason] = (seen.reasons[reason] ?? 0) + 1;
  });
  client.socket.on("connect", () => {
    if (client.left > 0) {
      seen.moves++;
      seen.slowest = Math.max(seen.slowest, Date.now() - client.left);
      seen[client.socket.recovered ? "resumed" : "fresh"]++;
      client.left = 0;
    }
  });
  clients.push(client);
  return new Promise((connected) => client.socket.once("connect", connected));
}

async function talk(client) {
  while (!over) {
    await sleep(500 + Math.random() * 1_000);
    client.said++;
    try {
      await client.socket.emitWithAck("say", { id: `${client.user}-${client.said}`, number: client.said });
    } catch {
      seen.unanswered++;
    }
  }
}

let talking;

/** What each has heard of each in its zone must be 1, 2, 3 … up to what that one has said. */
function judge() {
  const wrong = { lost: 0, doubled: 0, reordered: 0, examples: [] };
  for (const client of clients) {
    for (const other of clients.filter((each) => each.zone === client.zone)) {
      const heard = client.heard.get(other.user) ?? [];
      const kinds = new Set(heard);
      const lost = other.said - kinds.size;
      const doubled = heard.length - kinds.size;
      const reordered = heard.filter((number, at) => at > 0 && number < heard[at - 1]).length;
      wrong.lost += lost;
      wrong.doubled += doubled;
      wrong.reordered += reordered;
      if ((lost || doubled || reordered) && wrong.examples.length < 5) {
        wrong.examples.push(`${client.user} of ${other.user}: ${lost} lost, ${doubled} doubled, ${reordered} reordered of ${other.said}`);
      }
    }
  }
  return wrong;
}

const commands = {
  async add({ port }) {
    const node = { port, ready: false, open: 0 };
    nodes.push(node);
    while (!node.ready) {
      await sleep(50);
    }
  },
  async arrive() {
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => arrive(number)));
    talking = Promise.all(clients.map(talk));
  },
  async said({ more }) {
    const until = clients.reduce((sum, client) => sum + client.said, 0) + more;
    while (clients.reduce((sum, client) => sum + client.said, 0) < until) {
      await sleep(50);
    }
  },
  async connected() {
    while (clients.some((client) => !client.socket.connected)) {
      await sleep(50);
    }
    return { open: nodes.map((node) => node.open) };
  },
  async rest() {
    over = true;
    await talking;
    for (let left = 200; left > 0 && judge().lost > 0; left--) {
      await sleep(50); // what was answered may still be on its way to others
    }
    return { ...seen, ...judge(), peak, said: clients.reduce((sum, client) => sum + client.said, 0) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  console.log(JSON.stringify({ done: command.do, ...(await commands[command.do](command)) }));
}
process.exit(0);
