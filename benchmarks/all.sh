#!/bin/sh
# Measures what docs/performance.md shows, peers in the same run, and writes its tables and pictures.
#   benchmarks/all.sh                     everything: three rounds, about an hour and a half
#   benchmarks/all.sh echo connect        these parts; each takes ten minutes at most
#   benchmarks/all.sh page                tables and pictures again, from the results that are there
# ROUNDS=1 measures one round; with MORE=1 it is added to those that are there. NO_BUILD=1 takes the last build.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
results=docs/performance/results.tsv
parts="busy quiet rate echo connect alone idle nodes storm presence java policies metrics once timers state mail relay batches containers-busy containers-quiet containers-echo containers-connect
  containers-idle growth-namespaces growth-rooms growth-room growth-idle growth-nodes"

measure() {
  part=$1
  shift
  echo "== $part" >&2
  benchmarks/run.sh --results "$results" --rounds "${ROUNDS:-3}" ${MORE:+--more} "$@" >&2
  NO_BUILD=1
  export NO_BUILD
}

limits=realtime,node,netty-socketio,raw-netty,raw-netty-consolidated
policies=realtime,realtime-principals,realtime-rules,realtime-limits,realtime-login,realtime-presence,realtime-policies
containers=realtime,tomcat,tomcat-raw,jetty,jetty-raw,undertow,undertow-raw

# the cluster engine of Node's server is not among what npm installs here: README.md says how to come by it
relays=realtime
if [ -d "$here/node/node_modules/@socket.io/cluster-engine" ]; then relays=$relays,node-cluster-engine; fi

# a node has a core of its own, as a server without Redis has
one_node="--node-cpus 0 --redis-cpus 1"

part() {
  case $1 in
    busy) measure "$1" --servers $limits --scenarios fanout-1x8 --warmup 12 --measure 4 ;;
    quiet) measure "$1" --servers $limits --scenarios fanout-1x1 --warmup 12 --measure 4 ;;
    rate) measure "$1" --servers realtime,node,netty-socketio --scenarios fanout-rate --warmup 12 --measure 6 ;;
    echo) measure "$1" --servers realtime-direct,$limits --scenarios echo --warmup 25 --measure 4 ;;
    connect)
      measure "$1" --servers realtime,node --scenarios connect --warmup 25 --measure 4
      measure "$1" --servers realtime,realtime-warmed,node --scenarios connect-cold
      ;;
    alone)
      measure "$1" --servers realtime,realtime-direct,node --scenarios connect-alone,fanout-alone --warmup 10 --measure 3
      measure "$1" --servers realtime,realtime-direct,node,raw-netty --scenarios echo-alone --warmup 10 --measure 3
      ;;
    idle) measure "$1" --servers realtime,node,netty-socketio --scenarios idle ;;
    nodes) measure "$1" --servers realtime,realtime-direct,node --scenarios cross-2,cross-2-half --warmup 20 --measure 6 ;;
    storm) measure "$1" --servers realtime,node --scenarios storm,storm-killed --warmup 12 ;;
    presence) measure "$1" --servers realtime-principals,realtime-presence-rooms --scenarios presence --warmup 8 ;;
    java) measure "$1" --table java --servers realtime,realtime-25 --scenarios fanout-1x8,fanout-1x1,echo --warmup 25 --measure 4 ;;
    policies)
      measure "$1" --table policies --servers realtime,realtime-policies --scenarios fanout-1x8,fanout-1x1,echo --warmup 20 --measure 4
      measure "$1" --table policies --servers $policies --scenarios connect --warmup 20 --measure 3
      ;;
    metrics) measure "$1" --table metrics --servers realtime --scenarios fanout-1x8-switched,fanout-1x1-switched,echo-switched --warmup 16 --measure 48 ;;
    once)
      measure "$1" --servers realtime,realtime-once --scenarios once --warmup 6 --measure 3
      measure "$1" --servers realtime,realtime-once --scenarios once-redis $one_node --warmup 6 --measure 3
      ;;
    timers) measure "$1" --servers realtime-schedule --scenarios timers $one_node --warmup 6 --measure 3 ;;
    state) measure "$1" --servers realtime,realtime-state --scenarios state $one_node --warmup 6 --measure 3 ;;
    relay) measure "$1" --servers $relays --scenarios polls,polls-relayed --warmup 20 --measure 3 ;;
    mail) measure "$1" --servers realtime-mail --scenarios mail $one_node --warmup 6 --measure 3 ;;
    batches)
      for rate in 100 400; do
        measure "$1" --table batches-$rate --rate $rate --servers realtime,realtime-batches --scenarios fanout-gathered --warmup 6 --measure 3
      done
      ;;
    containers-busy) measure "$1" --table containers --servers $containers --scenarios fanout-1x8 --warmup 12 --measure 4 ;;
    containers-quiet) measure "$1" --table containers --servers $containers --scenarios fanout-1x1 --warmup 12 --measure 4 ;;
    containers-echo) measure "$1" --table containers --servers $containers --scenarios echo --warmup 20 --measure 4 ;;
    containers-connect) measure "$1" --table containers --servers $containers --scenarios connect-cold,connect --warmup 15 --measure 3 ;;
    containers-idle) measure "$1" --table containers --servers $containers --scenarios idle --idle-connections 5000 ;;
    growth-nodes) measure "$1" --servers realtime,node --scenarios "$1" --warmup 12 --measure 3 ;;
    growth-*) measure "$1" --servers realtime,node --scenarios "$1" --warmup 12 --measure 3 ;;
    page) ;;
    *)
      echo "no part is called $1; there are $parts, and page" >&2
      exit 1
      ;;
  esac
}

for name in ${*:-$parts}; do
  part "$name"
done
java -cp "benchmarks/target/classes:benchmarks/target/lib/*" dev.realtime.benchmarks.page.PerformancePage \
  "$results" docs/performance.md docs/performance
