#!/bin/sh
# Measures this library side by side with Node's socket.io and netty-socketio and prints a table.
#   benchmarks/run.sh                     all of it, three rounds
#   benchmarks/run.sh --quick             one short round
#   benchmarks/run.sh --servers node --scenarios echo,idle
# NO_BUILD=1 takes the last build. README.md lists the switches.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

if [ -z "${NO_BUILD:-}" ]; then
  mvn -q -B -pl benchmarks -am -Pbench -DskipTests package
fi
if [ ! -d benchmarks/node/node_modules ]; then
  (cd benchmarks/node && npm ci --silent)
fi

# 10,000 idle connections need as many descriptors in either process.
ulimit -n "$(ulimit -H -n)"

# The generator runs on the second core; it pins the servers to the first.
exec taskset -c "${GENERATOR_CPU:-1}" java -Xms512m -Xmx1g -XX:+UseSerialGC \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp "benchmarks/target/classes:benchmarks/target/lib/*" \
  dev.realtime.benchmarks.Benchmark --directory benchmarks "$@"
