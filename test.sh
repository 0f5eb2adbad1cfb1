#!/usr/bin/env bash
# test.sh: builds everything and runs every test. Ends with "N passed, N failed, N skipped"; exits 1 when one failed.
#
#   KUBECONFIG            a cluster that the tests may make namespaces in
#   KUBEBUILDER_ASSETS    a folder with kubectl, kubectl-1.20 … kubectl-1.35, helm3, helm4
#   PLANTON_PROGRAMS      a folder of published programs to test; else the published ones with CI=true, else the debug build
#   CI=true               a missing tool fails a test instead of skipping it, and the programs are tested as they ship
#
# The server's tests run on SQLite and, but for those of HTTP and the tunnel alone, again on PostgreSQL, where that is installed;
# so does an end-to-end walk.
set -euo pipefail
cd "$(dirname "$0")"
case "${1:-}" in -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

command -v dotnet >/dev/null || { echo "test.sh: needs the .NET 10 SDK" >&2; exit 2; }
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}

missing=()
for package in gcc:gcc zlib1g-dev:/usr/include/zlib.h openssl:openssl; do
  what=${package#*:}
  case "$what" in /*) [ -e "$what" ] || missing+=("${package%%:*}") ;; *) command -v "$what" >/dev/null || missing+=("${package%%:*}") ;; esac
done
has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_postgres || missing+=(postgresql)
if ((${#missing[@]})) && command -v apt-get >/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    echo "test: installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=600 -qq update
    apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "test: without ${missing[*]} some tests are skipped: apt-get install ${missing[*]}" >&2
  fi
fi

echo "test: building" >&2
dotnet build Planton.slnx --nologo -v quiet
if [ "${CI:-}" = true ] && [ -z "${PLANTON_PROGRAMS:-}" ]; then
  PLANTON_PROGRAMS=$(eng/publish.sh | tail -n 1)
  export PLANTON_PROGRAMS
fi

unset PLANTON_TEST_DATABASE
# Ctrl-C is among what is tested, and a shell that runs this in the background has it ignored by all that it starts.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi
passed=0 failed=0 skipped=0 names=()
log=$(mktemp); trap 'rm -f "$log"' EXIT

# run PROJECT LABEL [ARGUMENT…]: one test program, counted under the label.
run() {
  local name=$1 label=$2 status=0 began=$SECONDS summary good bad skip line
  shift 2
  echo "test: $label" >&2
  ${interruptible[@]+"${interruptible[@]}"} "artifacts/bin/$name/debug/$name" -noColor "$@" 2>&1 | tee "$log" | sed -n '/\[FAIL\]/,$p' || status=$?
  summary=$(grep -aE "^ +$name +Total: " "$log" | tail -n 1 || true)
  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])); skip=$((BASH_REMATCH[4] + BASH_REMATCH[5])); good=$((BASH_REMATCH[1] - bad - skip))
    ((status == 0 || bad > 0)) || bad=1
  else
    tail -n 40 "$log" >&2
    good=0 bad=1 skip=0
  fi
  while read -r line; do names+=("$label: ${line% \[FAIL\]}"); done < <(grep -aE '^ +[^ ].* \[FAIL\]$' "$log" || true)
  echo "$label: $good passed, $bad failed, $skip skipped in $((SECONDS - began)) s" >&2
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
}

for project in tests/*.Tests; do
  run "${project#tests/}" "${project#tests/}"
done
if has_postgres; then
  export PLANTON_TEST_DATABASE=postgres
  without=()
  for namespace in Encryption Errors Fuzzing Gateway Hosting Kubernetes; do without+=(-namespace- "Planton.Server.Tests.$namespace"); done
  run Planton.Server.Tests "Planton.Server.Tests on PostgreSQL" "${without[@]}"
  run Planton.EndToEnd.Tests "Planton.EndToEnd.Tests on PostgreSQL" -namespace Planton.EndToEnd.Tests.Life
else
  echo "test: without PostgreSQL nothing was run on it: apt-get install postgresql" >&2
  if [ "${CI:-}" = true ]; then failed=$((failed + 1)); else skipped=$((skipped + 1)); fi
fi

((${#names[@]} == 0)) || printf 'failed: %s\n' "${names[@]}" >&2
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
