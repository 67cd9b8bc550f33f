# SPDX-License-Identifier: GPL-3.0-or-later
"""Dask distributed: worker processes of one thread each on this machine; arguments as pool.py has them."""

import os
import sys
import tempfile

import command_loop
import dask
from distributed import Client, LocalCluster


def main():
    n = int(sys.argv[1])
    params = sys.argv[2]

    def tasks(count):
        # Else calls with the same argument are one call.
        client.gather(client.map(command_loop.null, [params] * count, pure=False))

    def barriers(count):
        for _ in range(count):
            tasks(n)

    with tempfile.TemporaryDirectory() as folder:
        dask.config.set({"temporary-directory": folder, "distributed.worker.memory.terminate": False})
        # The workers unpickle by name.
        os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
        with LocalCluster(n_workers=n, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            with Client(cluster) as client:
                client.wait_for_workers(n)
                barriers(1)
                command_loop.serve(barriers=barriers, tasks=tasks)


if __name__ == "__main__":
    main()
