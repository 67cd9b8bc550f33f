#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How many cars find a car park full. It takes its case from the environment, prints a line for each day, and leaves days.csv;
# it knows nothing of Lockstep.

set -eu
: "${SPACES:?}" "${ARRIVALS:?a number for an hour}" "${HOURS:?of a stay, the mean}" "${DAYS:?}" "${SEED:?}"

echo "day,cars,refused" >days.csv
day=1
while [ "$day" -le "$DAYS" ]; do
  awk -v day="$day" -v seed="$SEED" -v spaces="$SPACES" -v arrivals="$ARRIVALS" -v hours="$HOURS" 'BEGIN {
    srand(seed * 1000 + day)
    while (time < 24) {
      leaving = parked / hours
      time -= log(1 - rand()) / (arrivals + leaving)
      if (rand() * (arrivals + leaving) < leaving) { parked--; continue }
      cars++
      if (parked < spaces) parked++; else refused++
    }
    printf "%d,%d,%d\n", day, cars, refused
  }' >>days.csv
  echo "Day $day of $DAYS: $(tail -n 1 days.csv | cut -d , -f 3) refused"
  day=$((day + 1))
done

awk -F , 'NR > 1 { cars += $2; refused += $3 } END { printf "Refused: %.2f %%\n", 100 * refused / cars }' days.csv
