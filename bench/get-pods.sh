#!/usr/bin/env bash
# get-pods.sh [PAIRS]   planton through the tunnel against kubectl straight to the cluster, in pairs in one run.
# Needs KUBECONFIG (a cluster), kubectl (KUBECTL, else kubectl-1.35 of KUBEBUILDER_ASSETS, else PATH) and the published
# programs (eng/publish.sh). Prints sizes, start times, idle memory and the medians with their ratio.
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=${1:-30}
programs=${PLANTON_PROGRAMS:-$(ls -d artifacts/publish/*/ | head -n 1)}
programs=$(cd "$programs" && pwd)
kubectl=${KUBECTL:-}
[ -n "$kubectl" ] || kubectl=${KUBEBUILDER_ASSETS:+$KUBEBUILDER_ASSETS/kubectl-1.35}
[ -n "$kubectl" ] || kubectl=$(command -v kubectl)
: "${KUBECONFIG:?needs a cluster}"
work=$(mktemp -d)
server= runner=
finish() { [ -z "$runner" ] || kill "$runner" 2>/dev/null || true; [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$work"; }
trap finish EXIT
export PLANTON_HOME=$work/home
# One caller sends as fast as it can.
export PLANTON_SERVER_QUOTA=caller-requests-per-second=1000000,caller-request-burst=1000000,organization-requests-per-second=1000000,organization-request-burst=1000000

# Nanoseconds, of the shell's own clock: another program's start would be measured with what it times.
now() { echo "${EPOCHREALTIME/[.,]/}000"; }
ms() { awk -v n="$1" 'BEGIN { printf "%.1f", n / 1e6 }'; }
rss() { awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }
until_file() { for _ in $(seq 600); do [ -s "$1" ] && return; sleep 0.05; done; echo "no $1" >&2; exit 1; }
timed() { local began=$EPOCHREALTIME ended; "$@" >/dev/null; ended=$EPOCHREALTIME; echo $(((${ended/[.,]/} - ${began/[.,]/}) * 1000)); }
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

began=$(now)
"$programs/planton-server/planton-server" --data "$work/data" --http 127.0.0.1:0 --tunnel 127.0.0.1:0 2>"$work/server.log" & server=$!
until_file "$work/data/addresses.json"
server_start=$(($(now) - began))
url=$(sed -n 's/.*"http": *"\([^"]*\)".*/\1/p' "$work/data/addresses.json")
"$programs/planton" auth login --server "$url" --api-key - <"$work/data/initial-admin-key" 2>/dev/null >&2
"$programs/planton" runner generate-credentials bench --output-dir "$work/credentials" 2>/dev/null
"$programs/planton-runner" start --credentials-file "$work/credentials/credentials.json" --kubeconfig "$KUBECONFIG" --health off 2>"$work/runner.log" & runner=$!
for _ in $(seq 600); do grep -q 'accepting operations' "$work/runner.log" && break; sleep 0.05; done
runner_start=$(sed -n 's/.*Ready after \([0-9]*\) ms.*/\1/p' "$work/runner.log")
"$programs/planton" connection create kubernetes bench --runner bench >/dev/null 2>&1
sleep 3
runner_idle=$(rss "$runner") server_idle=$(rss "$server")

(umask 077; echo "Authorization: Bearer $(cat "$work/data/initial-admin-key")" >"$work/header")
planton() { "$programs/planton" kubectl get pods -A --connection bench; }
direct() { "$kubectl" get pods -A; }
for _ in 1 2 3; do planton >/dev/null 2>&1; direct >/dev/null 2>&1; done
for _ in $(seq "$pairs"); do
  timed planton 2>/dev/null >>"$work/planton"
  timed direct 2>/dev/null >>"$work/direct"
  timed "$programs/planton" --help >>"$work/help"
  awk 'NR == FNR { last = $1; next } { d = $1 } END { print last / d }' "$work/planton" "$work/direct" >>"$work/ratio"
  timed curl -sf -H "@$work/header" "$url/kubernetes/default/bench/version" >>"$work/curl"
done

echo "sizes (MB): planton $(awk -v b="$(stat -c %s "$programs/planton")" 'BEGIN { printf "%.1f", b / 1e6 }'), planton-runner $(awk -v b="$(stat -c %s "$programs/planton-runner")" 'BEGIN { printf "%.1f", b / 1e6 }'), planton-server $(du -sm "$programs/planton-server" | cut -f1) (folder)"
echo "server: start to both listeners $(ms "$server_start") ms, idle $server_idle MB, after the load $(rss "$server") MB"
echo "runner: start to accepting operations $runner_start ms (its own log), idle $runner_idle MB, after the load $(rss "$runner") MB"
echo "planton --help: median $(ms "$(median "$work/help")") ms"
echo "get pods -A, $pairs pairs: planton through the tunnel median $(ms "$(median "$work/planton")") ms, $("$kubectl" version --client 2>/dev/null | sed -n 's/.*Version: *\(v[^ ]*\).*/kubectl \1/p' | head -n 1) direct median $(ms "$(median "$work/direct")") ms, ratio of medians $(awk -v a="$(median "$work/planton")" -v b="$(median "$work/direct")" 'BEGIN { printf "%.2f", a / b }'), median of pair ratios $(median "$work/ratio" | awk '{ printf "%.2f", $1 }')"
echo "one /version by curl through the tunnel, a process each: median $(ms "$(median "$work/curl")") ms"

view() { "$kubectl" config view --raw --minify -o "jsonpath={$1}"; }
if [ -n "$(view '.users[0].user.client-certificate-data')" ]; then
  view '.clusters[0].cluster.certificate-authority-data' | base64 -d >"$work/ca.pem"
  view '.users[0].user.client-certificate-data' | base64 -d >"$work/client.pem"
  (umask 077; view '.users[0].user.client-key-data' | base64 -d >"$work/client.key")
  DIRECT_URL=$(view '.clusters[0].cluster.server') DIRECT_CA=$work/ca.pem DIRECT_CERTIFICATE=$work/client.pem DIRECT_KEY=$work/client.key \
    TUNNEL_URL=$url/kubernetes/default/bench TUNNEL_TOKEN=$(cat "$work/data/initial-admin-key") dotnet run bench/latency.cs -c Release
  echo "after it: server $(rss "$server") MB, runner $(rss "$runner") MB"
fi
