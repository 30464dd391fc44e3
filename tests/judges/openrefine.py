"""Has OpenRefine, unmodified and without a window, reconcile a column against a running server.

Called with the address of a reconciliation service and a folder for its projects; the column is read from standard input, a
value a line. One line of JSON a row: the value, and the identifier, name and number of candidates that came of it."""

import json
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid

SERVICE, FOLDER = sys.argv[1:3]
COLUMN = [line for line in sys.stdin.read().splitlines() if line]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


PORT = free_port()
ROOT = f"http://127.0.0.1:{PORT}"


def call(path, fields=None, body=None, headers=None):
    if fields is not None:
        body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(urllib.request.Request(ROOT + path, body, headers or {}), timeout=120) as answer:
        return answer.geturl(), answer.read()


def command(name, **fields):
    return json.loads(call(f"/command/core/{name}", fields)[1])


def query(name, **fields):
    return json.loads(call(f"/command/core/{name}?{urllib.parse.urlencode(fields)}")[1])


def token():
    return query("get-csrf-token")["token"]


def project():
    border = uuid.uuid4().hex
    parts = {
        "project-name": "names",
        "format": "text/line-based/*sv",
        "options": json.dumps({"separator": "\t", "headerLines": 1, "encoding": "UTF-8"}),
    }
    lines = [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()]
    table = "name\n" + "\n".join(COLUMN) + "\n"
    lines.append(
        f'--{border}\r\nContent-Disposition: form-data; name="project-file"; filename="names.tsv"\r\n'
        f"Content-Type: text/tab-separated-values; charset=utf-8\r\n\r\n{table}\r\n--{border}--\r\n"
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={border}"}
    where = f"/command/core/create-project-from-upload?csrf_token={token()}"
    address, _ = call(where, body="".join(lines).encode(), headers=headers)
    return urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["project"][0]


def main():
    with urllib.request.urlopen(SERVICE, timeout=60) as answer:
        manifest = json.load(answer)
    number = project()
    config = {
        "mode": "standard-service",
        "service": SERVICE,
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "type": None,
        "autoMatch": True,
        "columnDetails": [],
        "limit": 0,
    }
    engine = json.dumps({"facets": [], "mode": "row-based"})
    told = command(
        "reconcile", project=number, columnName="name", config=json.dumps(config), engine=engine, csrf_token=token()
    )
    assert told["code"] in ("pending", "ok"), told
    for _ in range(240):
        if not query("get-processes", project=number)["processes"]:
            break
        time.sleep(0.5)
    got = query("get-rows", project=number, start=0, limit=len(COLUMN))
    pool = got.get("pool", {}).get("recons", {})
    for row, value in zip(got["rows"], COLUMN, strict=True):
        cell = row["cells"][0]
        recon = pool.get(str(cell.get("r")), cell.get("r") if isinstance(cell.get("r"), dict) else {}) or {}
        match = recon.get("m") or {}
        told = {"value": value, "id": match.get("id"), "name": match.get("name"), "candidates": len(recon.get("c", []))}
        print(json.dumps(told), flush=True)


refine = subprocess.Popen(
    ["./refine", "-p", str(PORT), "-i", "127.0.0.1", "-d", FOLDER, "-x", "refine.headless=true"],
    cwd="/usr/share/openrefine", stdout=sys.stderr, stderr=sys.stderr,
)
try:
    for _ in range(240):
        try:
            query("get-csrf-token")
            break
        except OSError:
            assert refine.poll() is None, "OpenRefine ended"
            time.sleep(0.5)
    main()
finally:
    refine.terminate()
