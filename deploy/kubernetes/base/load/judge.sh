# Waits until no generator is at work any more, and judges what they measured as one run.
set -eu
run=/runs/$RUN
mkdir -p "$run"
if ! mkdir "$run/judge" 2> /dev/null; then
  echo "judge: the run '$RUN' has had its verdict; name a new RUN in load.env" >&2
  exit 2
fi
begun=$(date +%s)
while :; do
  here=0
  at_work=0
  # Compared with the files of the generators, so that only the clock of the volume counts.
  touch "$run/judge/now"
  for own in "$run"/generators/*; do
    [ -d "$own" ] || continue
    here=$((here + 1))
    [ ! -e "$own/ended" ] && [ ! -e "$own/lost" ] || continue
    alive=$(stat -c %Y "$own/alive" 2> /dev/null || stat -c %Y "$own")
    if [ $(($(stat -c %Y "$run/judge/now") - alive)) -lt "$SILENT_WITHIN" ]; then
      at_work=$((at_work + 1))
    else
      touch "$own/lost"
      echo "judge: generator ${own##*/} wrote nothing for $SILENT_WITHIN s: its pod was killed, or its node" \
        "is away; see kubectl describe pods -n gauntlet -l app.kubernetes.io/name=generators" >&2
    fi
  done
  waited=$(($(date +%s) - begun))
  if [ "$at_work" -eq 0 ] && [ "$here" -gt 0 ]; then
    # One that is not here after this time is no longer waited for by the others either.
    if [ "$here" -eq "$GENERATORS" ] || [ "$waited" -ge "$READY_WITHIN" ]; then break; fi
  fi
  if [ "$waited" -ge "$ENDED_WITHIN" ]; then
    echo "judge: after $ENDED_WITHIN s not all of $GENERATORS generators have ended; raise ENDED_WITHIN" >&2
    break
  fi
  sleep 1
done
set -- "$run"/*/*.shard-*
if [ ! -d "$1" ]; then
  echo "judge: no generator of the run '$RUN' has begun; for the reason see" \
    "kubectl logs -n gauntlet -l app.kubernetes.io/name=generators" >&2
  exit 2
fi
exec java -XX:MaxRAMPercentage=50 -jar /opt/gauntlet/gauntlet.jar merge "$@" --output-dir "$run"
