"""Asks the reconciliation services of a running server: every answer against the JSON Schemas of the Reconciliation Service
API, 0.2 and the draft of 1.0, and a column of a table by the client that people install from PyPI.

Called with the server's base, the folder of the schemas, and the names of the services. One line of JSON a task: client,
task, and why it failed, if it did."""

import json
import pathlib
import sys
import urllib.parse
import urllib.request

import pandas
from jsonschema import Draft7Validator
from reconciler import reconcile
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

BASE, SCHEMAS, SERVICES = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
PERSON = "http://xmlns.com/foaf/0.1/Person"
BORN = "http://rdvocab.info/ElementsGr2/dateOfBirth"
NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"
OTHER = "http://www.w3.org/2004/02/skos/core#altLabel"
# Names as tables have them; what they mean is the matter of other tests.
COLUMN = ["Akseli Gallen-Kallela", "Elias Lönnrot", "Тарас Шевченко", "Helsinki", "maalaukset", "nobody at all"]


def registry(version):
    resources = []
    for path in (SCHEMAS / version / "schemas").glob("*.json"):
        schema = json.loads(path.read_text())
        resource = Resource.from_contents(schema, default_specification=DRAFT7)
        names = {path.name, schema.get("$id", path.name)}
        names |= {name.rsplit("/", 1)[0] + "/" + path.name for name in names if "/" in name}
        resources += [(name, resource) for name in names]
    # The form of a security scheme is OpenAPI's; no manifest here has one.
    anything = Resource.from_contents({"definitions": {"securityDefinitions": {"additionalProperties": {}}}}, DRAFT7)
    return Registry().with_resources([*resources, ("http://swagger.io/v2/schema.json", anything)])


REGISTRIES = {version: registry(version) for version in ("0.2", "1.0-draft")}


def valid(version, schema, answer):
    schema = json.loads((SCHEMAS / version / "schemas" / f"{schema}.json").read_text())
    validator = Draft7Validator(schema, registry=REGISTRIES[version])
    faults = [f"{'/'.join(map(str, fault.path))}: {fault.message}" for fault in validator.iter_errors(answer)]
    assert not faults, faults[:3]
    return answer


def ask(address, body=None, media="application/json"):
    headers = {"Content-Type": media, "Origin": "https://client.example"} if body is not None else {}
    request = urllib.request.Request(address, body and body.encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return json.load(answer)


def form(address, **fields):
    encoded = urllib.parse.urlencode({name: json.dumps(value) for name, value in fields.items()})
    return ask(address, encoded, "application/x-www-form-urlencoded")


def old(service):
    manifest = valid("0.2", "manifest", ask(f"{BASE}/reconcile/{service}"))
    questions = {f"q{n}": {"query": name, "limit": 5} for n, name in enumerate(COLUMN)}
    questions["typed"] = {"query": COLUMN[0], "type": [PERSON], "type_strict": "any"}
    questions["dated"] = {"query": COLUMN[1], "type": PERSON, "properties": [{"pid": BORN, "v": "1802"}]}
    valid("0.2", "reconciliation-query-batch", questions)
    endpoint = f"{BASE}/reconcile/{service}"
    batch = valid("0.2", "reconciliation-result-batch", form(endpoint, queries=questions))
    assert batch.keys() == questions.keys()
    ids = [candidate["id"] for result in batch.values() for candidate in result["result"]]
    assert ids, "no candidates at all"
    for result in batch.values():
        scores = [candidate["score"] for candidate in result["result"]]
        assert scores == sorted(scores, reverse=True), scores
    again = form(endpoint, queries={"id": {"query": ids[0]}})
    assert again["id"]["result"][0]["id"] == ids[0]
    wanted = {"ids": ids[:3] + ["urn:none"], "properties": [{"id": NAME}, {"id": OTHER, "settings": {"limit": 1}}]}
    valid("0.2", "data-extension-query", wanted)
    rows = valid("0.2", "data-extension-response", form(endpoint, extend=wanted))["rows"]
    assert rows.keys() == set(wanted["ids"]) and rows[ids[0]][NAME][0]["str"]
    proposed = manifest["extend"]["propose_properties"]
    kind = urllib.parse.quote(PERSON, safe="")
    address = f"{proposed['service_url']}{proposed['service_path']}?type={kind}&limit=3"
    assert len(valid("0.2", "data-extension-property-proposal", ask(address))["properties"]) == 3
    for what, prefix in (("entity", "a"), ("property", "na"), ("type", manifest["defaultTypes"][0]["name"][:2])):
        suggest = manifest["suggest"][what]
        told = ask(f"{suggest['service_url']}{suggest['service_path']}?prefix={prefix}")
        plural = {"entity": "entities", "property": "properties", "type": "types"}[what]
        assert valid("0.2", f"suggest-{plural}-response", told)["result"], what
    encoded = urllib.parse.quote(ids[0], safe="")
    with urllib.request.urlopen(manifest["preview"]["url"].replace("{{id}}", encoded)) as preview:
        assert preview.headers.get_content_type() == "text/html" and "<h1>" in preview.read().decode()


def draft(service):
    endpoint = f"{BASE}/reconcile/{service}/draft"
    manifest = valid("1.0-draft", "manifest", ask(endpoint))
    assert manifest["standardizedScore"]
    name = {"matchType": "name", "propertyValue": COLUMN[0]}
    born = {"matchType": "property", "propertyId": BORN, "propertyValue": "1865", "required": True}
    batch = {"queries": [
        *({"conditions": [{"matchType": "name", "propertyValue": name}], "limit": 5} for name in COLUMN),
        {"type": PERSON, "lang": "fi", "conditions": [name, born]},
    ]}
    valid("1.0-draft", "reconciliation-query-batch", batch)
    results = valid("1.0-draft", "reconciliation-result-batch", ask(f"{endpoint}/match", json.dumps(batch)))["results"]
    assert len(results) == len(batch["queries"])
    ids = [candidate["id"] for result in results for candidate in result["candidates"]]
    assert all(0 <= candidate["score"] <= 100 for result in results for candidate in result["candidates"])
    identified = {"queries": [{"conditions": [{"matchType": "id", "propertyValue": ids[0]}]}]}
    told = ask(f"{endpoint}/match", json.dumps(identified))["results"][0]["candidates"]
    assert [candidate["id"] for candidate in told] == ids[:1]
    wanted = {"ids": [*ids[:3], "urn:none"], "properties": [{"id": NAME}, {"id": OTHER}]}
    extended = ask(f"{endpoint}/extend", json.dumps(valid("1.0-draft", "data-extension-query", wanted)))
    assert [row["id"] for row in valid("1.0-draft", "data-extension-response", extended)["rows"]] == wanted["ids"]
    valid("1.0-draft", "data-extension-property-proposal", ask(f"{endpoint}/extend/propose?type={PERSON}"))
    for what, plural in (("entity", "entities"), ("property", "properties"), ("type", "types")):
        valid("1.0-draft", f"suggest-{plural}-response", ask(f"{endpoint}/suggest/{what}?prefix=p"))


def client(service):
    column = pandas.Series([*COLUMN, COLUMN[0]])
    found = reconcile(column, top_res=1, reconciliation_endpoint=f"{BASE}/reconcile/{service}")
    assert set(found["input_value"]) <= set(COLUMN) and len(found) > 0, found
    assert found["id"].notna().any() and {"name", "score", "match"} <= set(found.columns), found
    everything = reconcile(column, type_id=PERSON, top_res="all", reconciliation_endpoint=f"{BASE}/reconcile/{service}")
    assert len(everything) >= 1


for service in SERVICES:
    for judge, task in (("schemas 0.2", old), ("schemas 1.0-draft", draft), ("reconciler", client)):
        fault = None
        try:
            task(service)
        except Exception as error:  # whatever it is, it is told
            fault = f"{type(error).__name__}: {error}"
        print(json.dumps({"client": judge, "task": service, "fault": fault}), flush=True)
