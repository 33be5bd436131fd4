#!/usr/bin/env bash
# Tests the built wheel, not the tree: in an empty environment without Node or a compiler, the installed package must
# import, show its help, and deploy to a node that somebody else runs and read back from it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD

work=$(mktemp -d)
node_pid=
cleanup() {
  [ -z "$node_pid" ] || { kill "$node_pid" 2>/dev/null && wait "$node_pid" 2>/dev/null; } || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

echo "wheel: build"
.venv/bin/python -m build --wheel --outdir "$work/dist" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
wheel=$(ls "$work"/dist/*.whl)

echo "wheel: contents of $(basename "$wheel")"
names=$(.venv/bin/python -m zipfile --list "$wheel" | awk '{ print $1 }')
for wanted in indenture/py.typed 'indenture/_abi/.*\.json' 'indenture/_calendars/.*\.yaml' 'indenture/cases/.*\.yaml'; do
  grep -qE "^$wanted$" <<<"$names" || { echo "wheel: $wanted is missing"; exit 1; }
done
if grep -vE '^(indenture/|indenture-[0-9].*\.dist-info/|File$)' <<<"$names"; then
  echo "wheel: the files above do not belong in it"
  exit 1
fi

echo "wheel: install in an empty environment"
.venv/bin/python -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -c requirements.lock "$wheel"

# Some node that is there: started here, with the native binary, which is no part of what is tested.
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
"$ROOT/node_modules/@foundry-rs/anvil-$platform/bin/anvil" --port 0 --hardfork cancun >"$work/anvil.log" 2>&1 &
node_pid=$!
port=
for _ in $(seq 100); do
  port=$(sed -nE 's/^Listening on .*:([0-9]+)$/\1/p' "$work/anvil.log")
  [ -z "$port" ] || break
  kill -0 "$node_pid" 2>/dev/null || { cat "$work/anvil.log"; exit 1; }
  sleep 0.1
done
[ -n "$port" ] || { echo "wheel: anvil did not answer"; exit 1; }

echo "wheel: import, help, deploy and read back"
cp scripts/tools/wheel_smoke.py "$work/"
cd "$work"  # the tree must not be found by accident
clean=(env -i "HOME=$work" "LANG=C.UTF-8" "PATH=$work/venv/bin:$work/empty")
mkdir -p "$work/empty"
"${clean[@]}" "$work/venv/bin/indenture" --help >/dev/null
"${clean[@]}" "$work/venv/bin/python" wheel_smoke.py "http://127.0.0.1:$port"
echo "wheel: passed"
