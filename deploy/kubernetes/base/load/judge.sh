# Waits until all generators have ended, and judges what they measured as one run.
set -eu
run=/runs/$RUN
mkdir -p "$run"
if ! mkdir "$run/judge" 2> /dev/null; then
  echo "judge: the run '$RUN' has had its verdict; name a new RUN in load.env" >&2
  exit 2
fi
deadline=$(($(date +%s) + ENDED_WITHIN))
until [ "$(find "$run/generators" -name ended 2> /dev/null | wc -l)" -eq "$GENERATORS" ]; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "judge: after $ENDED_WITHIN s not all of $GENERATORS generators have ended; raise ENDED_WITHIN" >&2
    break
  fi
  sleep 1
done
set -- "$run"/*/*.shard-*
if [ ! -d "$1" ]; then
  echo "judge: no generator of the run '$RUN' has begun; kubectl logs -l app.kubernetes.io/name=generators says why" >&2
  exit 2
fi
exec java -XX:MaxRAMPercentage=50 -jar /opt/gauntlet/gauntlet.jar merge "$@" --output-dir "$run"
