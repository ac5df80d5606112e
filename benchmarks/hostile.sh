#!/bin/sh
# Attacks this library's standalone server and prints a line for each attack: memory, and how somebody honest fared before and meanwhile.
#   benchmarks/hostile.sh                                  all of them, about a quarter of an hour
#   benchmarks/hostile.sh stalled-readers drain            these two
# NO_BUILD=1 takes the last build. README.md lists the attacks.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

if [ -z "${NO_BUILD:-}" ]; then
  mvn -q -B -pl benchmarks -am -Pbench -DskipTests package
fi

# 1,000 connections need as many descriptors in either process.
ulimit -n "$(ulimit -H -n)"

# Few collections: one of 10,000 clients takes 50 ms, which would count as the server's.
exec java -Xms1800m -Xmx1800m -Xmn1400m -XX:+UseSerialGC \
  -cp "benchmarks/target/classes:benchmarks/target/lib/*" \
  dev.realtime.benchmarks.hostile.HostileBenchmark benchmarks "$@"
