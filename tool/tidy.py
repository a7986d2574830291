#!/usr/bin/env python3
"""The house rules that a machine can hold: layers, fences, bans, sizes, first sentences, documents.

usage: tidy.py [ROOT]        prints `file:line: what is wrong` for each breach; exit status 1 if any
       tidy.py --self-test   proves on made-up sources that every rule bites

Standard library only, under two seconds, so that it can run everywhere and always.
"""
import pathlib
import re
import sys
import tempfile

# Third-party header prefix -> the folders that may include it. Everything else is free to all.
FENCES = {
    "sqlite3.h": ["store"], "csv.h": ["store"], "zip.h": ["store"], "expat.h": ["store"],
    "unicode/": ["store", "cli", "learn", "create"], "CLI/": ["cli"], "date/": ["model"], "openssl/": ["base", "net"],
    "boost/json": ["base"], "toml++/": ["base"], "libpq": ["store"], "curl/": ["net"],
    "boost/asio": ["net"], "boost/beast": ["net"], "zlib.h": ["net"],
    "libav": ["media"], "libsw": ["media"], "opencv2/": ["media"], "tesseract/": ["media"],
    "leptonica/": ["media"], "seccomp.h": ["media"], "ebur128.h": ["media"], "ass/": ["media"], "xgboost/": ["learn"],
    "hnswlib/": ["learn"], "Eigen/": ["learn"],
}

# What may not be written -> what to use instead, and the files (by suffix) or folders that may.
TEST = ("_test.cc", "_bench.cc", "_fuzz.cc", "_for_test.h")
BANS = [
    (r"\bsystem_clock\b", "Clock or Instant", ("base/time.cc",)),
    (r"\bsteady_clock\b", "Clock", TEST),
    (r"#include <random>|\bstd::rand\b|\bsrand\b", "Rng", ()),
    (r"\bstd::sto[a-z]+\(|\bato[ifl]+\(|\bstrto[a-z]+\(", "std::from_chars", TEST),
    (r"\bgetenv\(", "an argument from app/", ("app/", *TEST)),
    (r"\bstd::c(out|err)\b|\bprintf\(", "a value returned to cli/", ("cli/", "app/", *TEST)),
    (r"\bsleep_for\b|\busleep\(|\bsleep\(", "waiting on an event", ()),
    (r"\b(try \{|catch \()", "a Result; a foreign exception ends where its library is called",
     ("base/json.cc", "model/calendar.cc", "cli/command_line.cc", "learn/special.cc", "learn/special.h",
      "learn/nearest_graph.cc", "media/opencv_call.h", *TEST)),
    (r"\bthrow\b", "a Result", TEST),
    (r"\bstd::shared_ptr\b", "one owner", ()),
    (r"\bFIXME\b", "a fix", ()),
    (r"\bTODO\b(?!\(#\d+\))", "TODO(#issue)", ()),
    (r"\bNOLINT\b", "NOLINTNEXTLINE with the check's name", ()),
]

# Words that say how grand a thing is and not what it is; as a file's or a type's name.
EMPTY_WORDS = r"(manager|helper|util|utils|common|misc|processor|engine|smart|advanced|ultimate|v2)"

FILE_LINES_MAX = 800


def read_layers(path):
    allowed, order, errors = {}, [], []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        name, _, rest = line.split("#")[0].partition(":")
        name, deps = name.strip(), rest.split()
        if not name:
            continue
        late = [d for d in deps if d != "*" and d not in order]
        if late:
            errors.append(f"{path}:{number}: {name} may include {late}, not listed above it")
        allowed[name] = set(order) if "*" in deps else set(deps)
        order.append(name)
    return allowed, errors


def check_include(where, folder, allowed, quote, target):
    if quote == '"':
        other = target.split("/")[0]
        if "/" not in target:
            yield f'{where}: include by full path from src/: "{folder}/{target}"'
        elif other != folder and other not in allowed[folder]:
            yield f"{where}: {folder} may not include {other} ({target}); see src/LAYERS"
        return
    for prefix, homes in FENCES.items():
        if target.startswith(prefix) and folder not in homes:
            yield f"{where}: <{target}> belongs to {', '.join(homes)}"


def check_source(src, path, allowed):
    relative = path.relative_to(src)
    folder = relative.parts[0]
    if folder not in allowed:
        yield f"{path}:1: folder '{folder}' is not in src/LAYERS"
        return
    lines = path.read_text().splitlines()
    if len(lines) > FILE_LINES_MAX:
        yield f"{path}:{FILE_LINES_MAX}: {len(lines)} lines; a file has at most {FILE_LINES_MAX}"
    if path.suffix == ".h" and not (lines and lines[0].startswith("// ")):
        yield f"{path}:1: a header begins with one sentence that says what it is"
    if path.suffix == ".h" and "#pragma once" not in lines:
        yield f"{path}:1: a header has #pragma once"
    if re.search(rf"(^|_){EMPTY_WORDS}(_|$)", path.stem):
        yield f"{path}:1: a file is named for what it holds"
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        include = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if include:
            yield from check_include(where, folder, allowed, *include.groups())
        code = re.sub(r'"(\\.|[^"\\])*"', '""', line) if "NOLINT" not in line else line
        code = code if "TODO" in code or "FIXME" in code or "NOLINT" in code else code.split("//")[0]
        for pattern, instead, homes in BANS:
            at_home = any(str(relative).endswith(h) or str(relative).startswith(h) for h in homes)
            if re.search(pattern, code) and not at_home:
                yield f"{where}: found `{re.search(pattern, code).group(0)}`; use {instead}"


def check_documents(root):
    packages = {line for line in (root / "tool/packages.txt").read_text().splitlines()
                if line and not line.startswith("#")}
    text = (root / "doc/dependencies.md").read_text()
    listed = set(re.findall(r"^\| `([^`]+)`", text, re.M))
    for name in sorted(packages - listed):
        yield f"doc/dependencies.md:1: no line for package {name}"
    for name in sorted(listed - packages):
        yield f"doc/dependencies.md:1: {name} is not in tool/packages.txt"
    for document in sorted([*root.glob("*.md"), *root.glob("doc/**/*.md")]):
        for number, line in enumerate(document.read_text().splitlines(), 1):
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", line):
                if "://" not in target and not (document.parent / target).exists():
                    yield f"{document}:{number}: links to {target}, which is not there"


def findings(root):
    src = root / "src"
    allowed, errors = read_layers(src / "LAYERS")
    yield from errors
    for path in sorted(p for p in src.rglob("*") if p.suffix in {".h", ".cc"}):
        yield from check_source(src, path, allowed)
    yield from check_documents(root)


def self_test():
    """Each made-up source breaks one rule, and that one rule must be named."""
    cases = [
        ("learn/a.cc", '#include "store/store.h"', "may not include store"),
        ("learn/a.cc", '#include "a.h"', "full path"),
        ("learn/a.cc", "#include <sqlite3.h>", "belongs to store"),
        ("learn/a.cc", "auto t = std::chrono::system_clock::now();", "use Clock"),
        ("learn/a.cc", "int n = std::stoi(text);", "use std::from_chars"),
        ("learn/a.cc", "try { f(); } catch (...) {}", "use a Result"),
        ("learn/a.cc", "// FIXME later", "use a fix"),
        ("learn/a.cc", "// TODO later", "TODO(#issue)"),
        ("learn/a.cc", "\n" * 801, "at most 800"),
        ("learn/a.h", "#pragma once", "one sentence"),
        ("learn/ad_utils.h", "// Things.\n#pragma once", "named for what it holds"),
        ("odd/a.cc", "", "not in src/LAYERS"),
    ]
    fine = ["// A clean one: system_clock in a comment, \"printf(\" in a string.", 'f("std::stoi(");']
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in ("src/learn", "src/odd", "src/store", "tool", "doc"):
            (root / name).mkdir(parents=True)
        (root / "src/LAYERS").write_text("base:\nlearn: base\nstore: base\n")
        (root / "tool/packages.txt").write_text("g++\n")
        (root / "doc/dependencies.md").write_text("| `g++` | compiler |\n")
        for name, text, expected in cases:
            path = root / "src" / name
            path.write_text(text)
            found = list(findings(root))
            assert any(expected in line for line in found), (name, text, expected, found)
            path.unlink()
        (root / "src/learn/b.cc").write_text("\n".join(fine))
        assert not list(findings(root)), list(findings(root))
        (root / "doc/dependencies.md").write_text("[gone](gone.md)\n")
        assert len(list(findings(root))) == 2, list(findings(root))
    print(f"tidy: {len(cases) + 2} rules bite")
    return 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = list(findings(root))
    print("\n".join(found) or "tidy: clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
