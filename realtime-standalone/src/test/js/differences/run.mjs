// Runs each behaviour against Node's server, which it starts itself, and against ours, whose origins are in REALTIME_ORIGINS by variant. Prints one
// line of JSON for each: its name and what was observed. DifferencesTest compares.
import { client } from "./client.mjs";
import { startNode } from "./server.mjs";
import { session } from "./session.mjs";
import { transport } from "./transport.mjs";
import { closeAll } from "./wire.mjs";

const servers = { node: await startNode(), realtime: JSON.parse(process.env.REALTIME_ORIGINS) };
const wanted = process.argv[2] ?? "";
const behaviours = [];
const behaviour = (name, variant, observe) => behaviours.push({ name, variant, observe });
[transport, session, client].forEach((group) => group(behaviour));

for (const { name, variant, observe } of behaviours.filter((each) => each.name.includes(wanted))) {
  const line = { name };
  for (const [server, origins] of Object.entries(servers)) {
    try {
      line[server] = (await observe(origins[variant])).map(String);
    } catch (error) {
      line.failed = `${server}: ${error.stack}`;
    }
    closeAll();
  }
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
process.exit(0);
