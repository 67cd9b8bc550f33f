# SPDX-License-Identifier: GPL-3.0-or-later
"""multiprocessing.Pool with as many processes as the first argument says; the second is what each call is given."""

import multiprocessing
import sys

import command_loop


def main():
    n = int(sys.argv[1])
    params = sys.argv[2]

    def start():
        with multiprocessing.Pool(n) as fresh:
            fresh.map(command_loop.null, [params] * n, chunksize=1)

    def barriers(count):
        for _ in range(count):
            pool.map(command_loop.null, [params] * n, chunksize=1)

    def tasks(count):
        pool.map(command_loop.null, [params] * count, chunksize=1)

    with multiprocessing.Pool(n) as pool:
        command_loop.serve(start=start, barriers=barriers, tasks=tasks)


if __name__ == "__main__":
    main()
