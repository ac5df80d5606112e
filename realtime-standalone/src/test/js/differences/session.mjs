// Socket.IO: namespaces, events, acknowledgements, ends, rooms, recovery.
import { Polling, Socket, plain, until } from "./wire.mjs";

const over = (...frames) => async (origin) => (await new Socket(origin).connect()).send(...frames).rest();

/** Without JSON being read and written again, for what that would change. */
const exactly = (text) => async (origin) => {
  const socket = await new Socket(origin).connect();
  const answer = new Promise((resolve) =>
    socket.ws.on("message", (data) => {
      if (data.toString().startsWith("4312")) {
        resolve(data.toString());
      }
    }),
  );
  socket.send(`4212["echo",${text}]`);
  return [await answer];
};

/** A first CONNECT with this payload. */
const connecting = (packet, namespace = "/") => async (origin) => {
  const socket = new Socket(origin);
  await socket.next();
  socket.send(packet);
  const answer = await socket.next();
  return answer.startsWith("40") ? [answer, ...(await socket.rest(namespace))] : [answer];
};

/** The ids of the sessions that a connection gets in the main namespace, as they come. */
function idsOf(socket) {
  const ids = [];
  socket.ws.on("message", (data) => data.toString().startsWith("40{") && ids.push(JSON.parse(data.toString().slice(2)).sid));
  return ids;
}

/** A session is not connected any more. */
const gone = (helper, id) =>
  until(async () => (await helper.send(`421["present","${id}"]`).rest()).includes("431[false]"), "the end to be seen");

const offsetOf = (frame) => JSON.parse(frame.slice(frame.indexOf("["))).at(-1);
const withoutOffset = (frame) => {
  if (!frame.startsWith("42[")) {
    return frame;
  }
  const args = JSON.parse(frame.slice(2));
  return `42${JSON.stringify(args.slice(0, -1))}+offset`;
};

export const session = (behaviour) => {
  // ---- CONNECT
  behaviour("CONNECT", "plain", connecting("40"));
  behaviour("CONNECT with auth", "plain", async (origin) => {
    const socket = await new Socket(origin).connect("/", '{"token":"t","none":null,"list":[null,{"deep":null}]}');
    return [socket.answer, ...(await socket.send('421["auth"]').rest())];
  });
  behaviour("CONNECT with pid and offset where there is no recovery", "plain", async (origin) => {
    const socket = await new Socket(origin).connect("/", '{"pid":"p","offset":"o"}');
    return [socket.answer.replace('"pid"', '"*pid"'), ...(await socket.send('421["auth"]').rest())];
  });
  behaviour("CONNECT without auth: what the application sees", "plain", async (origin) => (await new Socket(origin).connect()).send('421["auth"]').rest());
  behaviour("CONNECT with an array", "plain", connecting('40["token"]'));
  behaviour("CONNECT with a string", "plain", connecting('40"token"'));
  behaviour("CONNECT with null", "plain", connecting("40null"));
  behaviour("CONNECT with half an object", "plain", connecting('40{"token":'));
  behaviour("CONNECT with an id", "plain", connecting("405"));
  behaviour("CONNECT to a namespace", "plain", connecting("40/custom,", "/custom"));
  behaviour("CONNECT to a namespace, no comma", "plain", connecting("40/custom", "/custom"));
  behaviour("CONNECT to a namespace by pattern", "plain", connecting("40/dynamic-7,", "/dynamic-7"));
  behaviour("CONNECT to a namespace that a pattern almost fits", "plain", connecting("40/dynamic-x,"));
  behaviour("CONNECT to an unknown namespace", "plain", connecting("40/nowhere,"));
  behaviour("CONNECT to a namespace in capitals", "plain", connecting("40/Custom,"));
  behaviour("CONNECT to a namespace with a query", "plain", connecting("40/custom?token=x,", "/custom"));
  behaviour("CONNECT to a namespace without its slash", "plain", connecting("40custom,"));
  behaviour("CONNECT refused with data", "plain", connecting('40/restricted,{"token":"guess"}'));
  behaviour("CONNECT refused without data", "plain", connecting('40/restricted,{"token":"no-hint"}'));
  behaviour("CONNECT refused, and another try on the same connection", "plain", async (origin) => {
    const socket = await new Socket(origin).connect("/restricted", '{"token":"guess"}');
    socket.send('40/restricted,{"token":"let-me-in"}');
    return [socket.answer, await socket.next(), ...(await socket.rest("/restricted"))];
  });
  behaviour("CONNECT twice", "plain", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send("40");
    const next = await socket.next();
    return next === "closed" ? [next] : [next, ...(await socket.rest())];
  });
  behaviour("CONNECT twice: the other namespace", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    socket.send("40");
    const next = await socket.next();
    return next === "closed" ? [next] : [next, ...(await socket.rest("/custom"))];
  });
  behaviour("CONNECT after DISCONNECT", "plain", async (origin) => {
    const [helper, socket] = [await new Socket(origin).connect(), new Socket(origin)];
    const ids = idsOf(socket);
    await socket.connect();
    socket.send("41");
    await gone(helper, ids[0]);
    socket.send("40");
    return [await socket.next(), ...(await socket.rest())];
  });
  behaviour("DISCONNECT and CONNECT in one write: the other namespace", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    await polling.post("40/custom,");
    const first = await polling.poll();
    await polling.post("41/custom,\x1e40/custom,");
    return [...first, ...(await polling.poll()), ...(await polling.rest())];
  });
  behaviour("query and headers of the handshake reach the application", "plain", async (origin) => {
    const socket = await new Socket(origin, { query: "EIO=4&transport=websocket&map=d%C3%BCne&twice=1", headers: { "x-client": "7" } }).connect();
    return socket.send('421["query","map"]', '422["query","none"]', '423["header","x-client"]').rest();
  });

  // ---- what does not belong
  behaviour("event before CONNECT", "plain", async (origin) => {
    const socket = new Socket(origin);
    await socket.next();
    socket.send('42["say",1]');
    return [await socket.next()];
  });
  behaviour("event to a namespace that was never connected", "plain", over('42/custom,["say",1]'));
  behaviour("event behind the client's own DISCONNECT", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    socket.send("41", '42["say","late"]');
    return socket.rest("/custom");
  });
  behaviour("event behind a DISCONNECT of the server", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    socket.send('42["bye"]');
    const bye = await socket.next();
    socket.send('42["say","late"]');
    return [bye, ...(await socket.rest("/custom"))];
  });
  behaviour("CONNECT_ERROR by a client", "plain", over('44{"message":"x"}'));
  behaviour("unknown packet type", "plain", over("47"));
  behaviour("event without arguments", "plain", over('42["say"]'));
  behaviour("event: empty array", "plain", over("42[]"));
  behaviour("event: object", "plain", over('42{"name":"say"}'));
  behaviour("event: string", "plain", over('42"say"'));
  behaviour("event: nothing", "plain", over("42"));
  behaviour("event: half an array", "plain", over('42["say"'));
  behaviour("event: something behind the array", "plain", over('42["say",1]x'));
  behaviour("event: null for a name", "plain", over("42[null]"));
  behaviour("event: an object for a name", "plain", over("42[{}]"));
  behaviour("event: a number for a name", "plain", over('42[7,"seven"]'));
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
    behaviour(`event: reserved name ${name}`, "plain", over(`42["${name}"]`));
  }
  for (const name of ["error", "__proto__", "constructor", "hasOwnProperty", ""]) {
    behaviour(`event: name '${name}'`, "plain", over(`42["${name}",1]`));
  }
  behaviour("event: white space around", "plain", over('42[ "say" , 1 ] '));
  behaviour("event that nobody handles", "plain", async (origin) => (await new Socket(origin).connect("/bare")).send('42/bare,["what"]').rest("/bare"));
  behaviour("event that nobody handles, with an id", "plain", async (origin) =>
    (await new Socket(origin).connect("/bare")).send('42/bare,5["what"]').rest("/bare"),
  );

  // ---- acknowledgements
  behaviour("acknowledgement: no arguments", "plain", over('425["echo"]'));
  behaviour("acknowledgement: several arguments", "plain", over('425["echo",1,null,"x",{"a":[]}]'));
  behaviour("acknowledgement: id 0", "plain", over('420["echo",1]'));
  behaviour("acknowledgement: leading zeros", "plain", over('42007["echo",1]'));
  behaviour("acknowledgement: the largest exact id", "plain", over('429007199254740991["echo",1]'));
  behaviour("acknowledgement: an id too large to be exact", "plain", over('429007199254740993["echo",1]'));
  behaviour("acknowledgement: a negative id", "plain", over('42-1["echo",1]'));
  behaviour("acknowledgement: one id twice", "plain", over('425["echo",1]', '425["echo",2]'));
  behaviour("acknowledgement: in order", "plain", over('421["echo",1]', '422["echo",2]', '423["echo",3]'));
  behaviour("acknowledgement: behind what the handler emitted", "plain", over('425["say-then-answer"]'));
  behaviour("acknowledgement in a namespace", "plain", async (origin) => (await new Socket(origin).connect("/custom")).send('42/custom,5["echo",1]').rest("/custom"));
  const asked = (...answers) => async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send('42["ask","ready?"]');
    const question = await socket.next();
    const id = /^4[25](?:\d+-)?(\d+)/.exec(question)[1];
    answers.forEach((answer) => socket.send(...[].concat(answer).map((part) => (typeof part === "string" ? part.replace("ID", id) : part))));
    const outcome = await socket.next();
    return [question.replace(/^(4[25](?:\d+-)?)\d+/, "$1ID"), outcome, ...(outcome === "closed" ? [] : await socket.rest())];
  };
  behaviour("a question to the client", "plain", asked('43ID["yes"]'));
  behaviour("a question answered with nothing", "plain", asked("43ID[]"));
  behaviour("a question answered with null", "plain", asked("43ID[null]"));
  behaviour("a question answered twice", "plain", asked('43ID["yes"]', '43ID["no"]'));
  behaviour("a question answered in binary", "plain", asked(['461-ID[{"_placeholder":true,"num":0}]', Buffer.from([1, 2])]));
  behaviour("a question answered with an object", "plain", asked('43ID{"yes":1}'));
  behaviour("an answer that nobody asked for", "plain", over('4377["x"]'));
  behaviour("an answer without an id", "plain", over('43["x"]'));
  behaviour("a question that is not answered", "plain", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send('42["ask-briefly","ready?"]');
    return [(await socket.next()).replace(/^42\d+/, "42ID"), await socket.next()];
  });
  behaviour("a question to a room that one of two answers", "plain", async (origin) => {
    const [one, two] = [await new Socket(origin).connect(), await new Socket(origin).connect()];
    await one.send('421["join","quiz"]').rest();
    await two.send('421["join","quiz"]').rest();
    one.send('42["ask-room-briefly","quiz"]');
    const question = await one.next();
    one.send(`43${/^42(\d+)/.exec(question)[1]}["mine"]`);
    return [await one.next()];
  });

  // ---- binary
  const placeholder = (num) => `{"_placeholder":true,"num":${num}}`;
  behaviour("binary event, both ways", "plain", over(`451-["say",${placeholder(0)}]`, Buffer.from([1, 2, 3])));
  behaviour("binary event with two attachments, deep", "plain", over(`452-["say",{"a":[${placeholder(0)}]},${placeholder(1)}]`, Buffer.from([1]), Buffer.from([2])));
  behaviour("binary event with an empty attachment", "plain", over(`451-["say",${placeholder(0)}]`, Buffer.from([])));
  behaviour("binary event with an acknowledgement", "plain", over(`451-5["echo",${placeholder(0)}]`, Buffer.from([7])));
  behaviour("binary event in a namespace", "plain", async (origin) =>
    (await new Socket(origin).connect("/custom")).send(`451-/custom,["say",${placeholder(0)}]`, Buffer.from([7])).rest("/custom"),
  );
  behaviour("binary event: attachments in another order", "plain", over(`452-["say",${placeholder(1)},${placeholder(0)}]`, Buffer.from([1]), Buffer.from([2])));
  behaviour("binary event: no attachments", "plain", over('450-["say",1]'));
  behaviour("binary event: no count", "plain", over('45["say",1]'));
  behaviour("binary event: negative count", "plain", over('45-1-["say",1]'));
  behaviour("binary event: a count that is no number", "plain", over('45x-["say",1]'));
  behaviour("binary event: eleven attachments", "plain", over(
    `4511-5["echo",${Array.from({ length: 11 }, (_, i) => placeholder(i)).join()}]`,
    ...Array.from({ length: 11 }, (_, i) => Buffer.from([i])),
  ));
  behaviour("binary event: ten attachments", "plain", over(
    `4510-5["echo",${Array.from({ length: 10 }, (_, i) => placeholder(i)).join()}]`,
    ...Array.from({ length: 10 }, (_, i) => Buffer.from([i])),
  ));
  behaviour("binary event: a placeholder too high", "plain", over(`451-5["echo",${placeholder(1)}]`, Buffer.from([1])));
  behaviour("binary event: a negative placeholder", "plain", over(`451-5["echo",${placeholder(-1)}]`, Buffer.from([1])));
  behaviour("binary event: one attachment used twice", "plain", over(`451-5["echo",${placeholder(0)},${placeholder(0)}]`, Buffer.from([1])));
  behaviour("binary event: an attachment that is not used", "plain", over('451-5["echo",1]', Buffer.from([1])));
  behaviour("binary event: text among the attachments", "plain", over(`452-["say",${placeholder(0)},${placeholder(1)}]`, Buffer.from([1]), '42["say",1]'));
  behaviour("binary event: a heartbeat among the attachments", "plain", over(`452-["say",${placeholder(0)},${placeholder(1)}]`, Buffer.from([1]), "3", Buffer.from([2])));
  behaviour("a placeholder in a text event", "plain", over(`425["echo",${placeholder(0)}]`));

  // ---- JSON
  behaviour("JSON: beyond the Basic Multilingual Plane", "plain", over('425["echo","\u{1f600} \\ud83d\\ude00 ä€ \\u0000 \\u2028"]'));
  behaviour("JSON: a lone surrogate", "plain", over('425["echo","\\ud83d!"]'));
  behaviour("JSON: __proto__ as a member", "plain", exactly('{"__proto__":{"x":1},"constructor":1}'));
  behaviour("JSON: a member twice", "plain", exactly('{"a":1,"a":2}'));
  behaviour("JSON: the largest exact integer", "plain", exactly("9007199254740991"));
  behaviour("JSON: an integer beyond it", "plain", exactly("9007199254740993"));
  behaviour("JSON: a fraction", "plain", over('425["echo",0.1]'));
  behaviour("JSON: a whole number with a fraction", "plain", over('425["echo",1.0]'));
  behaviour("JSON: an exponent", "plain", over('425["echo",1e3]'));
  behaviour("JSON: minus zero", "plain", over('425["echo",-0]'));
  behaviour("JSON: beyond the range of doubles", "plain", exactly("1e400"));
  behaviour("JSON: twenty levels", "plain", over(`425["echo",${"[".repeat(20)}${"]".repeat(20)}]`));
  behaviour("JSON: two thousand levels", "plain", async (origin) =>
    (await (await new Socket(origin).connect()).send(`425["echo",${"[".repeat(2_000)}${"]".repeat(2_000)}]`).rest()).map((frame) => frame.slice(0, 40)),
  );
  behaviour("JSON: NaN", "plain", over('425["echo",NaN]'));
  behaviour("JSON: single quotes", "plain", over("425['echo']"));

  // ---- ends
  behaviour("DISCONNECT by the client", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    return socket.send("41").rest("/custom");
  });
  behaviour("DISCONNECT by the client, with something behind it", "plain", over('41["x"]'));
  behaviour("the last DISCONNECT by the client leaves the connection open", "plain", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send("41", "40/custom,");
    return [await socket.next()];
  });
  behaviour("disconnect()", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    socket.send('42["bye"]');
    return [await socket.next(), ...(await socket.rest("/custom"))];
  });
  behaviour("disconnect() over polling", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    await polling.post('42["bye"]');
    return polling.poll();
  });
  behaviour("disconnect(true) with two namespaces", "plain", async (origin) => {
    const socket = await (await new Socket(origin).connect("/")).connect("/custom");
    return (await socket.send('42["bye-all"]').upTo("closed")).sort();
  });
  behaviour("disconnect(true) over polling", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    await polling.post('42["bye-all"]');
    return [...(await polling.poll()), ...(await polling.poll())].filter((packet) => packet !== "6");
  });
  behaviour("what is emitted before disconnect()", "plain", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send('42["last-words"]');
    return [await socket.next(), await socket.next()];
  });
  behaviour("what is emitted before disconnect(true)", "plain", async (origin) =>
    (await new Socket(origin).connect()).send('42["last-words-all"]').upTo("closed"),
  );
  behaviour("what is emitted to a room before disconnect()", "plain", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send('42["last-words-to-room"]');
    return [await socket.next(), await socket.next()];
  });
  behaviour("disconnectSockets() of somebody else", "plain", async (origin) => {
    const [one, two] = [await new Socket(origin).connect(), new Socket(origin)];
    let id;
    two.ws.on("message", (data) => data.toString().startsWith("40{") && ({ sid: id } = JSON.parse(data.toString().slice(2))));
    await two.connect();
    await until(() => id, "the id");
    return [...(await one.send(`421["send-away","${id}"]`).rest()), await two.next()];
  });
  const closing = (end) => async (origin) => {
    const socket = await new Socket(origin).connect();
    end(socket);
    await socket.upTo("closed");
    return [socket.code];
  };
  behaviour("close code: the client broke Engine.IO", "plain", closing((socket) => socket.send("7")));
  behaviour("close code: the client broke Socket.IO", "plain", closing((socket) => socket.send("42[]")));
  behaviour("close code: disconnect(true)", "plain", closing((socket) => socket.send('42["bye-all"]')));
  behaviour("close code: the client closes with 1000", "plain", closing((socket) => socket.ws.close(1000)));
  behaviour("close code: no pong", "brisk", closing(() => {}));
  behaviour("close code: text that is not UTF-8", "plain", closing((socket) => socket.ws._socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]))));
  behaviour("close code: the server stops", "stopping", async (origin) => {
    const [socket, other] = [await new Socket(origin).connect(), await (await new Socket(origin).connect()).connect("/custom")];
    socket.send('42["stop"]');
    return [...(await socket.upTo("closed")), socket.code, ...(await other.upTo("closed")), other.code];
  });

  // ---- rooms and order
  behaviour("a room: members, nobody else, not who has left", "plain", async (origin) => {
    const [one, two] = [await new Socket(origin).connect(), await new Socket(origin).connect()];
    await one.send('421["join","tavern"]').rest();
    await two.send('421["tell","tavern","a"]').rest();
    await two.send('421["join","tavern"]', '422["tell","tavern","b"]').rest();
    const seen = [...(await one.rest())];
    await one.send('421["leave","tavern"]').rest();
    await two.send('422["tell","tavern","c"]').rest();
    return [...seen, ...(await one.rest())];
  });
  behaviour("a room twice joined is left once", "plain", over('421["join","r"]', '422["join","r"]', '423["leave","r"]', '424["tell","r","x"]'));
  behaviour("to(room) of a socket leaves the socket out", "plain", over('421["join","r"]', '422["tell-others","r","x"]'));
  behaviour("everybody is the namespace's only", "plain", async (origin) => {
    const [one, other] = [await new Socket(origin).connect("/dynamic-1"), await new Socket(origin).connect("/dynamic-2")];
    await one.send('42/dynamic-1,1["tell-all","x"]').rest("/dynamic-1");
    return other.rest("/dynamic-2");
  });
  behaviour("join, tell, leave, tell in one handler", "plain", over('42["join-tell-leave","r"]'));
  behaviour("events of one client are handled in order", "plain", over('42["say",1]', '42["say",2]', '421["echo",3]', '42["say",4]'));
  behaviour("a volatile event", "plain", over('42["say-volatile","x"]'));

  // ---- recovery
  /** A session that has seen an event and is gone; what was told meanwhile waits for it. */
  async function away(origin) {
    const helper = await new Socket(origin).connect();
    const socket = new Socket(origin);
    let connected;
    socket.ws.on("message", (data) => data.toString().startsWith("40{") && (connected = JSON.parse(data.toString().slice(2))));
    await socket.connect();
    await until(() => connected, "the ids");
    const room = `room-${connected.sid}`;
    await socket.send(`421["join","${room}"]`).rest();
    socket.send('42["say","seen"]');
    const offset = offsetOf(await socket.next());
    socket.ws.terminate();
    await gone(helper, connected.sid);
    for (const text of ["one", "two"]) {
      await helper.send(`421["tell","${room}","${text}"]`).rest();
    }
    return { ...connected, offset, helper, room };
  }
  /** What a new connection with this CONNECT gets. */
  async function back(origin, auth, sid) {
    const socket = new Socket(origin);
    const ids = idsOf(socket);
    await socket.next();
    socket.send(`40${JSON.stringify(auth)}`);
    const frames = [];
    do {
      frames.push(await socket.next());
    } while (!/^4[04]/.test(frames.at(-1)));
    frames.push(...(await socket.rest()));
    return [...frames.map(withoutOffset), `the same id: ${ids[0] === sid}`];
  }
  behaviour("recovery: CONNECT", "recovering", connecting("40"));
  behaviour("recovery: events carry an offset, acknowledgements do not", "recovering", async (origin) =>
    (await (await new Socket(origin).connect()).send('42["say",1]', '421["echo",1]').rest()).map(withoutOffset),
  );
  behaviour("recovery: pid and offset", "recovering", async (origin) => {
    const { pid, offset, sid } = await away(origin);
    return back(origin, { pid, offset }, sid);
  });
  behaviour("recovery: the same, in the order of their type", "recovering", async (origin) => {
    const { pid, offset, sid } = await away(origin);
    return (await back(origin, { pid, offset }, sid)).sort();
  });
  behaviour("recovery: pid and offset a second time", "recovering", async (origin) => {
    const { pid, offset, sid } = await away(origin);
    await back(origin, { pid, offset }, sid);
    return (await back(origin, { pid, offset }, sid)).sort();
  });
  behaviour("recovery: pid without an offset", "recovering", async (origin) => {
    const { pid, sid } = await away(origin);
    return (await back(origin, { pid }, sid)).sort();
  });
  behaviour("recovery: an unknown pid", "recovering", async (origin) => {
    const { offset, sid } = await away(origin);
    return back(origin, { pid: "unknown", offset }, sid);
  });
  behaviour("recovery: an unknown offset", "recovering", async (origin) => {
    const { pid, sid } = await away(origin);
    return back(origin, { pid, offset: "unknown" }, sid);
  });
  behaviour("recovery: pid and offset that are no strings", "recovering", async (origin) => {
    const { sid } = await away(origin);
    return back(origin, { pid: 5, offset: { a: 1 } }, sid);
  });
  behaviour("recovery: after the client's goodbye", "recovering", async (origin) => {
    const socket = new Socket(origin);
    let connected;
    socket.ws.on("message", (data) => data.toString().startsWith("40{") && (connected = JSON.parse(data.toString().slice(2))));
    await socket.connect();
    socket.send('42["say","seen"]');
    const offset = offsetOf(await socket.next());
    socket.send("41", "40/custom,");
    await socket.next();
    return back(origin, { pid: connected.pid, offset }, connected.sid);
  });
  behaviour("recovery: pid and offset are not the application's", "recovering", async (origin) => {
    const socket = await new Socket(origin).connect("/", '{"pid":"p","offset":"o","token":"t"}');
    return socket.send('421["auth"]').rest();
  });
  behaviour("recovery: while the old connection is still there", "recovering", async (origin) => {
    const socket = new Socket(origin);
    let connected;
    socket.ws.on("message", (data) => data.toString().startsWith("40{") && (connected = JSON.parse(data.toString().slice(2))));
    await socket.connect();
    socket.send('42["say","seen"]');
    const offset = offsetOf(await socket.next());
    return back(origin, { pid: connected.pid, offset }, connected.sid);
  });
};

