"""The programs that `make beside` runs beside the loaders; each prints its CPU seconds, without its start.

    peers.py pymarc FILE           merely reads the records of ISO 2709, with their text decoded
    peers.py morph-kgc FILE OUT    makes N-Triples of a table by table.rml.ttl, in one process
    peers.py xslt SHEET FILE       makes RDF/XML by xsltproc, its start included
"""

import pathlib
import resource
import subprocess
import sys


def spent():
    """CPU seconds of this process and of those that it waited for."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, kinds))


def read_with_pymarc(file):
    import pymarc

    begun = spent()
    with open(file, "rb") as records:
        count = sum(record is not None for record in pymarc.MARCReader(records, to_unicode=True))
    return spent() - begun, count


def map_with_morph_kgc(file, out):
    import logging

    import morph_kgc

    logging.disable(logging.CRITICAL)
    formulation = "rml:referenceFormulation ql:CSV"
    if file.endswith(".json"):
        formulation = 'rml:referenceFormulation ql:JSONPath ; rml:iterator "$[*]"'
    rules = pathlib.Path(__file__).with_name("table.rml.ttl").read_text(encoding="utf-8")
    rules = rules.replace("SOURCE", file).replace("FORMULATION", formulation)
    mapping = pathlib.Path(out).with_suffix(".rml.ttl")
    mapping.write_text(rules, encoding="utf-8")
    config = f"[CONFIGURATION]\nnumber_of_processes: 1\nlogging_level: CRITICAL\n[source]\nmappings: {mapping}\n"
    begun = spent()
    triples = morph_kgc.materialize_set(config)
    with open(out, "w", encoding="utf-8") as lines:
        lines.writelines(f"{triple} .\n" for triple in triples)
    return spent() - begun, len(triples)


def map_with_xslt(sheet, file):
    begun = spent()
    subprocess.run(["xsltproc", sheet, file], check=True, stdout=subprocess.DEVNULL)
    return spent() - begun, 0


DOES = {"pymarc": read_with_pymarc, "morph-kgc": map_with_morph_kgc, "xslt": map_with_xslt}
print(*DOES[sys.argv[1]](*sys.argv[2:]))
