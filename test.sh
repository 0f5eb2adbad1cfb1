#!/usr/bin/env bash
# test.sh [--full] [PROJECT…]   builds everything and runs every test, or those of the named projects (Planton.Cli.Tests)
#
#   --full                the longest tests at full size: 20,000 requests, 50 revocations, 40 kills
#   KUBECONFIG            a cluster that the tests may make namespaces in
#   KUBEBUILDER_ASSETS    a folder with kubectl, kubectl-1.20 … kubectl-1.35, helm3, helm4
#   PLANTON_PROGRAMS      a folder of published programs to test; without it the debug build, or with CI=true a new publish
#   CI=true               tests the programs as they ship, installs Debian packages that tests need, and fails when a tool is
#                         missing or a test is skipped
#
# Ends with "N passed, N failed, N skipped"; exits 1 when a test failed. PostgreSQL is tested where it is installed.
set -euo pipefail
cd "$(dirname "$0")"
projects=()
while (($#)); do
  case $1 in
    --full) export PLANTON_TEST_FULL=1 ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) [ -d "tests/$1" ] || { echo "test.sh: no test project \"$1\"; there are: $(cd tests && echo *.Tests)" >&2; exit 2; }; projects+=("$1") ;;
  esac
  shift
done
ci=; [ "${CI:-}" != true ] || ci=1
# Processes are short here: profiling them for a better second compilation costs a tenth of the CPU. At full size it is done.
[ "${PLANTON_TEST_FULL:-}" = 1 ] || export DOTNET_TieredPGO=0

command -v dotnet >/dev/null || { echo "test.sh: needs the .NET 10 SDK" >&2; exit 2; }
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}

missing=()
for package in gcc:gcc zlib1g-dev:/usr/include/zlib.h openssl:openssl; do
  what=${package#*:}
  case "$what" in /*) [ -e "$what" ] || missing+=("${package%%:*}") ;; *) command -v "$what" >/dev/null || missing+=("${package%%:*}") ;; esac
done
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
if ((${#missing[@]})); then
  if [ -n "$ci" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "test: installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=600 -qq update
    apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "test: some tests will be skipped; they need, as Debian calls them: ${missing[*]}" >&2
  fi
fi

work=$(mktemp -d)
publishing=
finish() {
  [ -z "$publishing" ] || kill "$publishing" 2>/dev/null || true
  rm -rf "$work" ${fast:+"$fast"}
}
trap finish EXIT

# Databases wait for the disk at each commit: the tests' temporary files go to memory where that has room and allows programs.
fast=
if [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt 4000000 ]; then
  fast=$(mktemp -d /dev/shm/planton-test.XXXXXX)
  chmod 1777 "$fast"
  printf '#!/bin/sh\n' >"$fast/probe" && chmod +x "$fast/probe"
  if "$fast/probe" 2>/dev/null; then export TMPDIR=$fast; fi
fi

echo "test: building" >&2
began=$SECONDS
dotnet build Planton.slnx --nologo -v quiet
echo "test: built in $((SECONDS - began)) s" >&2

# Native compilation beside the suites that need no programs.
if [ -n "$ci" ] && [ -z "${PLANTON_PROGRAMS:-}" ]; then
  eng/publish.sh >"$work/programs" 2>"$work/publish.log" &
  publishing=$!
fi

published() {
  [ -n "$publishing" ] || return 0
  local began=$SECONDS
  wait "$publishing" || { cat "$work/publish.log" >&2; echo "test.sh: publishing failed" >&2; publishing=; exit 1; }
  publishing=
  PLANTON_PROGRAMS=$(tail -n 1 "$work/programs")
  export PLANTON_PROGRAMS
  echo "test: waited $((SECONDS - began)) s for the published programs" >&2
}

# Ctrl-C is tested, but a shell that runs this in the background makes all its children ignore it.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi
passed=0 failed=0 skipped=0 names=()
: >"$work/skips"

run() { # project
  local name=$1 status=0 began=$SECONDS summary good bad skip line reasons log=$work/$1.log
  echo "test: $name" >&2
  ${interruptible[@]+"${interruptible[@]}"} "artifacts/bin/$name/debug/$name" -noColor 2>&1 | tee "$log" | sed -n '/\[FAIL\]/,$p' || status=$?
  summary=$(grep -aE "^ +$name +Total: " "$log" | tail -n 1 || true)
  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])); skip=$((BASH_REMATCH[4] + BASH_REMATCH[5])); good=$((BASH_REMATCH[1] - bad - skip))
    if ((status != 0 && bad == 0)); then bad=1; names+=("$name ended with exit code $status"); tail -n 40 "$log" >&2; fi
  else
    tail -n 40 "$log" >&2
    good=0 bad=1 skip=0
    names+=("$name did not run to its end, or has no tests")
  fi
  while read -r line; do names+=("$name: ${line% \[FAIL\]}"); done < <(grep -aE '^ +[^ ].* \[FAIL\]$' "$log" || true)
  # A skipped test is a line, and its reason the next one.
  { grep -aA1 -E '^ +[^ ].* \[SKIP\]$' "$log" || true; } | sed -n -e 's/^      *//' -e '/\[SKIP\]$/d' -e '/^--$/d' -e p >"$work/reasons"
  reasons=$(grep -c '' "$work/reasons" || true)
  ((reasons == skip)) || echo "$((skip - reasons)) of $name without a reason" >>"$work/reasons"
  cat "$work/reasons" >>"$work/skips"
  echo "$name: $good passed, $bad failed, $skip skipped in $((SECONDS - began)) s" >&2
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
}

# Those that need no programs first.
order=(Planton.Architecture.Tests Planton.Api.Tests Planton.SampleCluster.Tests Planton.Tunnel.Tests -- Planton.Cli.Tests Planton.Runner.Tests Planton.Server.Tests Planton.EndToEnd.Tests)
for project in tests/*.Tests; do
  [[ " ${order[*]} " == *" ${project#tests/} "* ]] || order+=("${project#tests/}")
done
for project in "${order[@]}"; do
  if [ "$project" = -- ]; then published; continue; fi
  if ((${#projects[@]} == 0)) || [[ " ${projects[*]} " == *" $project "* ]]; then run "$project"; fi
done

if [ -s "$work/skips" ]; then
  echo "skipped, by reason:" >&2
  sort "$work/skips" | uniq -c | sort -rn >&2
  if [ -n "$ci" ]; then
    while read -r reason; do
      grep -v '^#' tests/allowed-skips.txt | awk -v reason="$reason" 'length && index(reason, $0) == 1 { found = 1 } END { exit !found }' ||
        { names+=("skipped with CI=true: $reason"); failed=$((failed + 1)); }
    done <"$work/skips"
  fi
fi
((${#names[@]} == 0)) || printf 'failed: %s\n' "${names[@]}" >&2
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
