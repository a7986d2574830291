#!/usr/bin/env python3
"""Refuses a dashboard that has grown too heavy, or that a strict content policy would not show.

usage: weigh_web.py FOLDER
"""
import gzip
import pathlib
import re
import sys

# Chosen: a second on a slow line; what is sent is what the program keeps, gzip at its best.
GZIP_BYTES_MAX = 350 * 1024
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.I)
ELSEWHERE = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


def main():
    folder = pathlib.Path(sys.argv[1])
    files = [path for path in folder.rglob("*") if path.is_file()]
    total = sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files)
    page = (folder / "index.html").read_text()
    problems = [f"index.html holds {found.group(0)!r}" for found in (INLINE.search(page), ELSEWHERE.search(page)) if found]
    if total > GZIP_BYTES_MAX:
        problems.append(f"{total} bytes gzipped; at most {GZIP_BYTES_MAX}")
    print(f"{len(files)} files, {total / 1024:.1f} kB gzipped of at most {GZIP_BYTES_MAX // 1024}", file=sys.stderr)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
