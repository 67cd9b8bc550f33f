# SPDX-License-Identifier: GPL-3.0-or-later
"""concurrent.futures.ProcessPoolExecutor; arguments as pool.py has them."""

import concurrent.futures
import sys

import command_loop


def main():
    n = int(sys.argv[1])
    params = sys.argv[2]

    def barriers(count):
        for _ in range(count):
            list(executor.map(command_loop.null, [params] * n, chunksize=1))

    def tasks(count):
        list(executor.map(command_loop.null, [params] * count, chunksize=1))

    with concurrent.futures.ProcessPoolExecutor(n) as executor:
        barriers(1)
        command_loop.serve(barriers=barriers, tasks=tasks)


if __name__ == "__main__":
    main()
