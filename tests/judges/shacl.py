"""What pySHACL finds in each N-Triples file of a folder, as one JSON object a line.

python shacl.py <folder of shapes> <folder of graphs>
"""
import json
import pathlib
import sys

from pyshacl import validate
from rdflib import Graph, Namespace

SH = Namespace("http://www.w3.org/ns/shacl#")
shapes = Graph()
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.ttl")):
    shapes.parse(file)
for file in sorted(pathlib.Path(sys.argv[2]).glob("*.nt")):
    data = Graph().parse(file, format="nt")
    _, report, _ = validate(data, shacl_graph=shapes)
    results = []
    for result in report.subjects(SH.focusNode, None):
        def name(what):
            return str(report.value(result, SH[what])).rsplit("#", 1)[-1]

        results.append({
            "severity": name("resultSeverity"),
            "component": name("sourceConstraintComponent"),
            "path": str(report.value(result, SH.resultPath) or ""),
            "node": str(report.value(result, SH.focusNode)),
        })
    # Nodes that a shape aims at: a graph without one would pass unseen.
    targets = set()
    for kind in shapes.objects(None, SH.targetClass):
        targets.update(data.subjects(None, kind))
    print(json.dumps({"graph": file.stem, "targets": len(targets), "results": results}), flush=True)
