# Waits until all generators are here, agrees with them on the moment from which all measure, and runs
# this one's share.
set -eu
run=/runs/$RUN
mkdir -p "$run/generators"
own=$run/generators/$JOB_COMPLETION_INDEX
if ! mkdir "$own" 2> /dev/null; then
  echo "start: the run '$RUN' has had generator $JOB_COMPLETION_INDEX; name a new RUN in load.env" >&2
  exit 2
fi
trap 'touch "$own/ended"' EXIT
trap 'exit 143' TERM INT
# A pod that is killed leaves no such file: the judge then sees that this one grows old.
while kill -0 $$; do
  touch "$own/alive"
  sleep 2
done > /dev/null 2>&1 &

deadline=$(($(date +%s) + READY_WITHIN))
until [ -f "$run/start-at" ]; do
  present=$(find "$run/generators" -mindepth 1 -maxdepth 1 -type d | wc -l)
  if [ "$present" -eq "$GENERATORS" ]; then
    # The first one decides.
    if [ "$JOB_COMPLETION_INDEX" -eq 0 ]; then
      date -u -d "@$(($(date +%s) + START_IN))" +%Y-%m-%dT%H:%M:%SZ > "$run/start-at.new"
      mv "$run/start-at.new" "$run/start-at"
    fi
  elif [ "$(date +%s)" -ge "$deadline" ]; then
    echo "start: after $READY_WITHIN s $present of $GENERATORS generators are here; see" \
      "kubectl describe job generators -n gauntlet, or raise READY_WITHIN" >&2
    exit 2
  fi
  sleep 1
done

GAUNTLET_START_AT=$(cat "$run/start-at")
export GAUNTLET_START_AT GAUNTLET_SHARD="job/$GENERATORS" GAUNTLET_OUTPUT_DIR="$run"
load "-Dgatling.simulationClass=simulations.$SIMULATION" &
load=$!
trap 'kill -TERM "$load" 2> /dev/null' TERM INT
code=0
wait "$load" || code=$?
# A signal ends the wait, but the run goes on until it is written.
while kill -0 "$load" 2> /dev/null; do
  code=0
  wait "$load" || code=$?
done
exit "$code"
