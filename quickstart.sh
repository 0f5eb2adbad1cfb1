#!/usr/bin/env bash
# quickstart.sh [--kubeconfig F]   builds Planton, starts a control plane and a runner, and lists pods through the tunnel
# quickstart.sh stop               ends everything that it started, and removes its files
#
# Needs the .NET 10 SDK and nothing else. Without --kubeconfig it takes the cluster of $KUBECONFIG or ~/.kube/config if that
# answers, else a sample cluster of its own. Everything it keeps is in .quickstart/ here; your ~/.planton is not touched.
set -euo pipefail
cd "$(dirname "$0")"
root=$PWD
state=$root/.quickstart
bin=$root/artifacts/bin
export PLANTON_HOME=$state/home DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
unset PLANTON_SERVER PLANTON_ORG PLANTON_API_KEY

say() { printf '%s\n' "$*" >&2; }
die() { say "quickstart: $*"; exit 1; }
usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }

# A pid alone may have come to name another process: its command line must be ours too.
alive() { # program
  local pid; pid=$(cat "$state/$1.pid" 2>/dev/null) || return 1
  # Slim images have no ps, macOS has no /proc.
  { tr '\0' ' ' <"/proc/$pid/cmdline" || ps -p "$pid" -o command=; } 2>/dev/null | grep -q "$bin/.*$1"
}

end() { # program
  alive "$1" || return 0
  local pid i; pid=$(cat "$state/$1.pid")
  kill "$pid" 2>/dev/null || true
  for ((i = 0; i < 100; i++)); do alive "$1" || return 0; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  local program
  for program in planton-runner planton-server sample-cluster; do end "$program"; done
  rm -rf "$state"
}

await() { # seconds what test-command...
  local seconds=$1 what=$2 i; shift 2
  for ((i = 0; i < seconds * 10; i++)); do "$@" && return 0; sleep 0.1; done
  die "$what did not happen within $seconds s; the logs are in $state"
}

start() { # program command...
  local program=$1; shift
  nohup "$@" >"$state/$program.log" 2>&1 </dev/null &
  echo $! >"$state/$program.pid"
}

build() {
  local stamp=$root/artifacts/quickstart-built
  if [ -f "$stamp" ] && [ -z "$(find src samples Directory.*.props global.json -newer "$stamp" -type f -print -quit)" ]; then return; fi
  say "building (about a minute the first time)"
  local line
  dotnet build quickstart.slnf --nologo -v minimal 2>&1 | tee "$state/build.log" | while IFS= read -r line; do
    case "$line" in *" -> "*) line=${line%% -> *}; say "  built ${line##* }" ;; esac
  done || { cat "$state/build.log" >&2; die "the build failed"; }
  touch "$stamp"
}

planton() { "$bin/Planton.Cli/debug/planton" "$@"; }

# For what the user did not ask to see: shown only when it fails.
quiet() { "$@" >"$state/last.log" 2>&1 || { cat "$state/last.log" >&2; die "failed: $*"; }; }

start_runner() { # kubeconfig
  end planton-runner
  start planton-runner "$bin/Planton.Runner/debug/planton-runner" start --credentials-file "$state/credentials/credentials.json" --kubeconfig "$1" --health off
  await 20 "the runner's start" runner_ready
}

runner_ready() { alive planton-runner || die "the runner ended; see $state/planton-runner.log"; grep -q 'accepting operations' "$state/planton-runner.log"; }

sample() {
  say "starting the sample cluster (an imitation, not Kubernetes)"
  start sample-cluster "$bin/SampleCluster/debug/sample-cluster" --kubeconfig-out "$state/sample-kubeconfig.yaml"
  await 20 "the sample cluster's start" test -s "$state/sample-kubeconfig.yaml"
  kubeconfig=$state/sample-kubeconfig.yaml target="the sample cluster"
}

kubeconfig= given=
while (($#)); do
  case $1 in
    stop) stop; say "stopped; nothing of the quickstart is running"; exit 0 ;;
    --kubeconfig) [ $# -ge 2 ] || die "--kubeconfig needs a file"; kubeconfig=$2 given=1; shift 2 ;;
    --kubeconfig=*) kubeconfig=${1#*=} given=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; say "quickstart: unknown argument: $1"; exit 2 ;;
  esac
done
command -v dotnet >/dev/null || die "needs the .NET 10 SDK"
# The programs are started by their own small executables, which look for the runtime in the usual places only.
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
if [ -n "$given" ]; then
  [ -r "$kubeconfig" ] || die "$kubeconfig cannot be read"
  kubeconfig=$(cd "$(dirname "$kubeconfig")" && pwd)/$(basename "$kubeconfig")
fi

stop
(umask 077; mkdir -p "$state")
trap '[ $? = 0 ] || say "quickstart: not complete. ./quickstart.sh stop ends what was started."' EXIT
build

say "starting the control plane"
start planton-server "$bin/Planton.Server/debug/planton-server" --data "$state/data" --http 127.0.0.1:0 --tunnel 127.0.0.1:0
server_ready() { alive planton-server || die "the server ended; see $state/planton-server.log"; test -s "$state/data/addresses.json"; }
await 30 "the server's start" server_ready
url=$(sed -n 's/.*"http": *"\([^"]*\)".*/\1/p' "$state/data/addresses.json")
quiet planton auth login --server "$url" --api-key - <"$state/data/initial-admin-key"

say "starting the runner"
quiet planton runner generate-credentials quickstart --output-dir "$state/credentials"
if [ -z "$given" ]; then
  for candidate in "${KUBECONFIG:-}" "$HOME/.kube/config"; do
    if [ -n "$candidate" ] && [ -r "$candidate" ]; then kubeconfig=$candidate; break; fi
  done
fi
[ -n "$kubeconfig" ] || sample
target=${target:-the cluster of $kubeconfig}
start_runner "$kubeconfig"
quiet planton connection create kubernetes quickstart --runner quickstart
if [ -z "$given" ] && [ "$target" != "the sample cluster" ] && ! planton connection test quickstart >/dev/null 2>&1; then
  say "$target does not answer"
  sample
  start_runner "$kubeconfig"
fi

say ""
say "\$ planton kubectl get pods --connection quickstart -n default"
planton kubectl get pods --connection quickstart -n default

cat >&2 <<T

Those pods came from $target, through the tunnel. Running now:
  control plane   $url   (log: .quickstart/planton-server.log)
  runner          dialled out to it; no port of its own   (log: .quickstart/planton-runner.log)
Go on with:
  export PLANTON_HOME=$PLANTON_HOME PATH=$bin/Planton.Cli/debug:\$PATH
  planton kubectl get deployments --connection quickstart -A
  planton kubeconfig quickstart --file kubeconfig.yaml   # then: kubectl --kubeconfig kubeconfig.yaml get pods
Stop everything:
  ./quickstart.sh stop
T
