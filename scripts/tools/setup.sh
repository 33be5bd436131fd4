#!/usr/bin/env bash
# The steps of `make setup`, one per call: venv | spark | node | solc. Each says what runs and how long it took, on stderr:
# stdout belongs to the command that set-up precedes. What pip and npm say goes to build/setup.log.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

LOG=build/setup.log
mkdir -p build

say() { printf '%s\n' "$*" >&2; }

die() {
  say "setup: $1"
  shift
  for line in "$@"; do say "       $line"; done
  exit 1
}

# step TITLE COMMAND...: runs it quietly; a terminal sees the seconds pass, a failure is shown with its output.
step() {
  local title=$1 start=$SECONDS pid
  shift
  printf '\n== %s: %s\n' "$title" "$*" >>"$LOG"
  "$@" >>"$LOG" 2>&1 </dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; say ""; exit 130' INT TERM
  [ -t 2 ] || say "setup: $title ..."
  while kill -0 "$pid" 2>/dev/null; do
    [ ! -t 2 ] || printf '\rsetup: %s ... %d s ' "$title" $((SECONDS - start)) >&2
    sleep 0.2
  done
  trap - INT TERM
  if ! wait "$pid"; then
    say ""
    # npm says what is wrong at the start, pip at the end.
    awk '/^== / { n = 0 } { line[n++] = $0 }
         END { for (i = 0; i < n; i++) if (i < 20 || i >= n - 20) print line[i]; else if (i == 20) print "..." }' "$LOG" >&2
    die "$title failed; the whole output is in $LOG"
  fi
  [ ! -t 2 ] || printf '\r' >&2
  say "setup: $title done in $((SECONDS - start)) s   "
}

find_python() {
  local python
  for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
  die "Python 3.11 or newer is needed, found: $(python3 --version 2>/dev/null || echo none)" \
    "Debian, Ubuntu: sudo apt install python3 python3-venv" \
    "Another one than python3: make setup PYTHON=python3.12"
}

setup_venv() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    die "the venv module of $python is missing (Debian and Ubuntu ship it apart)" \
      "sudo apt install python3-venv    # or python3.X-venv for another Python than the default"
  fi
  # One that is broken, of an old Python, or moved here from elsewhere is not built upon.
  if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    ! head -n 1 .venv/bin/pip | grep -qF "$PWD/"; then
    step "virtual environment" "$python" -m venv --clear .venv
  fi
  step "Python packages (first time 1 to 3 minutes)" \
    .venv/bin/python -m pip install --disable-pip-version-check -c requirements.lock -e '.[contracts,dev]'
}

# Half a gigabyte, for which only the tests of the ledger's SQL on Spark have a use.
setup_spark() {
  step "Spark (first time 1 to 3 minutes)" \
    .venv/bin/python -m pip install --disable-pip-version-check -c requirements.lock -e '.[spark]'
}

setup_node() {
  local version native
  command -v node >/dev/null || die "Node 20 or newer is needed, and there is no node command" "https://nodejs.org"
  command -v npm >/dev/null || die "npm is needed, and there is no npm command" "Debian, Ubuntu: sudo apt install npm"
  version=$(node -p 'process.versions.node')
  [ "${version%%.*}" -ge 20 ] || die "Node 20 or newer is needed, found $version" "https://nodejs.org"
  step "npm packages" npm ci --ignore-scripts --no-progress
  # The lock file knows the platforms on which it was made; npm leaves out a binary that it does not know.
  native=$(node -p '`${process.platform}-${{ x64: "amd64" }[process.arch] ?? process.arch}`')
  for tool in anvil forge; do
    [ -d "node_modules/@foundry-rs/$tool-$native" ] ||
      step "$tool for $native" npm install --no-save --no-package-lock --ignore-scripts \
        "@foundry-rs/$tool-$native@$(node -p "require('./package.json').devDependencies['@foundry-rs/$tool']")"
  done
}

setup_solc() {
  local native
  native=$(node scripts/tools/solc.cjs --find-native)
  mkdir -p build/solc
  # py-solc-x and ape look for exactly this name in SOLCX_BINARY_PATH.
  ln -sfn "${native:-../../scripts/tools/solc.cjs}" "build/solc/solc-v$(node -p "require('./package.json').devDependencies.solc")"
  say "setup: compiler is ${native:-the npm package}"
}

case "${1:-}" in
  venv) setup_venv ;;
  spark) setup_spark ;;
  node) setup_node ;;
  solc) setup_solc ;;
  *) die "say venv, spark, node or solc" ;;
esac
