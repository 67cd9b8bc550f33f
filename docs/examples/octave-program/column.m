% SPDX-License-Identifier: MIT
%
% The load at which a tapered column buckles, by finite differences of more and more points. It knows nothing of Lockstep.
%
%     octave-cli column.m TAPER

taper = str2double (argv (){1});
grids = [25 50 100 200 400];

for k = 1:numel (grids)
  n = grids(k);
  x = (1:n)' / (n + 1);
  stiffness = (1 + (taper - 1) * x) .^ 4;
  bending = spdiags (stiffness, 0, n, n) * spdiags ([1 -2 1] .* ones (n, 1), -1:1, n, n) * -(n + 1) ^ 2;
  load_factor = min (real (eig (full (bending))));
  printf ("grid %d of %d: %d points, load %.6e\n", k, numel (grids), n, load_factor);
  fflush (stdout);
end

file = fopen ("column.json", "w");
fprintf (file, '{"column": {"taper": %g, "load": %.9g}}\n', taper, load_factor);
fclose (file);
