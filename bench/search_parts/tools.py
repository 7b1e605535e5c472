"""The command line tools, each with the fastest command known that does the job, in a small process of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.search_parts.queries import RAW, SINCE
from bench.search_parts.serving import Found, serve

ALL = "*.jsonl"
LAST, BACKWARD = '"$LAST"', "tac $NEWEST_FIRST"
LEVELS = {"errors": '"level":"(ERROR|CRITICAL)"', "critical": '"level":"CRITICAL"'}
STATUS = r'"path":"/api/v1/orders[^"]*","status":5'
FORMAT = {
    "logconsole_log": {
        "title": "logconsole",
        "file-type": "json",
        "timestamp-field": "ts",
        "level-field": "level",
        "body-field": "msg",
        "hide-extra": True,
        "line-format": [{"field": "__timestamp__"}, " ", {"field": "msg"}],
        "value": {"msg": {"kind": "string"}, "exc": {"kind": "string"}, "extra": {"kind": "json"}},
    }
}
ORDERS = '.extra.status >= 500 and (.extra.path | startswith("/api/v1/orders"))'
COUNTED = ("lnav", "jq, awk")
"""Those that print numbers instead of lines."""
PATIENCE = 120  # seconds
FEW = 1_000  # lines are compared where there are not more


def jq_text(pattern: str) -> str:
    """Lines in which jq finds it; three times as fast as in the fields that it parsed."""
    test = f'select(test({json.dumps(pattern, ensure_ascii=False)}; "i"))'
    return f"jq -R -r {shlex.quote(test)} {ALL}"


def jq(condition: str, files: str = ALL) -> str:
    """Lines of which it is true."""
    return f"jq -c {shlex.quote(f'select({condition})')} {files}"


def lnav(where: str) -> str:
    """A number, by its SQL; it reads all of it for that."""
    query = f";SELECT count(*) FROM logconsole_log {where}"
    return f'lnav -n -I "$LNAV" -c {shlex.quote(query)} -c ":write-csv-to -" {ALL}'


def literal(name: str) -> dict[str, str]:
    """A search for a text, in any case."""
    pattern = shlex.quote(RAW[name])
    kind = "-P" if name == "regex_plain" else "-E"
    return {
        "rg": f"rg --no-config -j2 -I -N -i -e {pattern} {ALL}",
        "rg, 1 thread": f"rg --no-config -j1 -I -N -i -e {pattern} {ALL}",
        "grep": f"grep -h -i {kind} -e {pattern} {ALL}",
    }


def backward(options: str, pattern: str) -> dict[str, str]:
    """The newest lines with it: the only way that a tool may stop early."""
    return {"tac, grep": f"{BACKWARD} | grep -m 500 {options} -e {shlex.quote(pattern)}"}


COMMANDS: dict[str, dict[str, str]] = {
    "newest": {"tail": f"tail -n 500 {LAST}", "tail, jq": f"tail -n 500 {LAST} | jq -c ."},
    "rare": {
        **literal("rare"),
        "jq": jq_text("webhook signature rejected"),
        "lnav": lnav("WHERE log_raw_text LIKE '%webhook signature rejected%'"),
    },
    "escaped": literal("escaped"),
    "common": backward("-i -F", "order"),
    "errors": backward("-E", LEVELS["errors"]),
    "critical": {
        "rg": f"rg --no-config -j2 -I -N -F -e {shlex.quote(LEVELS['critical'])} {ALL}",
        **backward("-F", LEVELS["critical"]),
        "lnav": lnav("WHERE log_level = 'critical'"),
    },
    "regex": {**literal("regex"), "jq": jq_text(RAW["regex"])},
    "regex_plain": literal("regex_plain"),
    "timeline": {
        "jq, awk": f"""jq -r '.ts[:13] + .level' {ALL} | awk '{{n[$0]++}} END {{for (k in n) print n[k]}}'""",
        "lnav": lnav("GROUP BY timeslice(log_time, '3h'), log_level"),
    },
    "since": {
        "jq": jq(f'.ts >= "{SINCE[:-1]}"'),
        "copying the bytes": f'tail -c "$SINCE_BYTES" {LAST}',
        "lnav": lnav(f"WHERE log_time >= '{SINCE[:10]} {SINCE[11:19]}'"),
    },
    "field": {
        "jq": jq(ORDERS),
        "rg, jq": f"rg --no-config -j2 -I -N -F /api/v1/orders {ALL} | {jq(ORDERS, '')}",
        "rg": f"rg --no-config -j2 -I -N -e {shlex.quote(STATUS)} {ALL}",
        "lnav": lnav(
            "WHERE json_extract(extra, '$.status') >= 500 AND json_extract(extra, '$.path') LIKE '/api/v1/orders%'"
        ),
    },
}


def missing(command: str) -> str:
    """The first program in it that is not installed."""
    return next((name for name in ("rg", "jq", "lnav") if f"{name} -" in command and not shutil.which(name)), "")


def answer(name: str, directory: str, tool: str, truth: dict[str, int]) -> Found:
    """Run it with its output in a file."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as home:
        environment = variables(Path(home), Path(directory), truth)
        command = ["bash", "-c", COMMANDS[name][tool]]
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, env=environment, stdin=-3, stdout=output, start_new_session=True
        )
        patience = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        patience.start()
        _, _, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        patience.cancel()
        process.returncode = 0  # it has been waited for
        output.seek(0)
        lines = output.readlines()
    told = {"seconds": seconds, "peak": used.ru_maxrss * 1024}
    if seconds >= PATIENCE:
        return Found(0, note=f"! stopped after {PATIENCE} s", **told)
    if tool in COUNTED:
        return Found(sum(int(number) for number in b" ".join(lines).split() if number.isdigit()), **told)
    is_same = len(lines) <= FEW and "jq" not in tool  # jq writes numbers in its own way
    return Found(len(lines), lines if is_same else (), **told)


def variables(home: Path, directory: Path, truth: dict[str, int]) -> dict[str, str]:
    """What the commands ask the environment for."""
    formats = home / "formats" / "logconsole"
    formats.mkdir(parents=True)
    (formats / "format.json").write_text(json.dumps(FORMAT))
    names = sorted((path.name for path in directory.glob(ALL)), reverse=True)
    own = {"NEWEST_FIRST": " ".join(names), "LAST": names[0], "SINCE_BYTES": str(truth["since_bytes"])}
    return {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home), "LNAV": str(home), **own}


if __name__ == "__main__":
    serve(answer)
