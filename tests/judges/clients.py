"""Asks a running server as its users do, with the clients they have: SPARQLWrapper, rdflib, pandas.

Called with the server's base. One line of JSON a task: client, task, and why it failed, if it did."""

import io
import json
import sys
import urllib.parse
import urllib.request

import pandas
from rdflib import RDF, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV, GET, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper, SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

BASE = sys.argv[1]
ENDPOINT = BASE + "/sparql"
DC = "http://purl.org/dc/elements/1.1/"
TITLES = f"SELECT ?thing ?title WHERE {{ ?thing <{DC}title> ?title }} ORDER BY ?title ?thing LIMIT 50"
GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?n"
TASKS = []


def task(function):
    TASKS.append(function)
    return function


def wrapper(query, answer, method=GET):
    client = SPARQLWrapper(ENDPOINT)
    client.setQuery(query)
    client.setReturnFormat(answer)
    client.setMethod(method)
    return client


def rows(query):
    return wrapper(query, JSON).queryAndConvert()["results"]["bindings"]


@task
def sparqlwrapper_rows_in_every_format():
    expected = [row["title"]["value"] for row in rows(TITLES)]
    assert len(expected) == 50, len(expected)
    for method in (GET, POST):
        document = wrapper(TITLES, XML, method).queryAndConvert()
        values = document.getElementsByTagName("literal")
        assert [value.firstChild.data for value in values] == expected
        table = pandas.read_csv(io.BytesIO(wrapper(TITLES, CSV, method).queryAndConvert()))
        assert list(table["title"]) == expected
        lines = wrapper(TITLES, TSV, method).queryAndConvert().decode().splitlines()
        assert lines[0] == "?thing\t?title" and len(lines) == 51, lines[0]


@task
def sparqlwrapper_bindings_of_its_second_class():
    client = SPARQLWrapper2(ENDPOINT)
    client.setQuery(TITLES)
    assert len(client.query().bindings) == 50


@task
def sparqlwrapper_truth():
    for method in (GET, POST):
        assert wrapper("ASK { ?s ?p ?o }", JSON, method).queryAndConvert()["boolean"] is True
    assert wrapper("ASK { <urn:no> ?p ?o }", JSON).queryAndConvert()["boolean"] is False


@task
def sparqlwrapper_graphs_in_every_format():
    query = f"CONSTRUCT {{ ?s <{DC}title> ?t }} WHERE {{ ?s <{DC}title> ?t }} ORDER BY ?s ?t LIMIT 40"
    for method in (GET, POST):
        for answer, syntax in ((TURTLE, "turtle"), (N3, "n3")):
            text = wrapper(query, answer, method).queryAndConvert()
            assert len(Graph().parse(data=text, format=syntax)) == 40, syntax
        for answer in (RDFXML, JSONLD, XML):
            assert len(wrapper(query, answer, method).queryAndConvert()) == 40, answer


@task
def sparqlwrapper_names_a_graph():
    smallest = rows(GRAPHS)[0]
    client = wrapper("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", JSON)
    client.addDefaultGraph(smallest["graph"]["value"])
    assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == smallest["n"]["value"]


@task
def sparqlwrapper_is_told_what_is_wrong():
    try:
        wrapper("SELECT * WHERE { ?s ?p ", JSON).query()
    except QueryBadFormed as error:
        assert "never closed" in str(error), error
    else:
        raise AssertionError("a broken query was answered")


@task
def rdflib_store():
    graph = Graph(store=SPARQLStore(ENDPOINT))
    titled = list(graph.query(TITLES))
    assert len(titled) == 50, len(titled)
    thing, title = titled[0]
    assert (thing, URIRef(DC + "title"), title) in graph
    assert title in set(graph.objects(thing, URIRef(DC + "title")))
    assert len(set(graph.predicates(thing))) > 3
    bound = graph.query("SELECT ?p WHERE { ?thing ?p ?title }", initBindings={"thing": thing, "title": title})
    assert URIRef(DC + "title") in {row.p for row in bound}
    assert bool(graph.query("ASK { ?s ?p ?o }"))
    made = graph.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{thing}> }} ?s ?p ?o }}")
    assert len(made.graph) > 3
    assert len(graph) > 1000


@task
def rdflib_store_with_graphs():
    smallest = rows(GRAPHS)[0]
    store = SPARQLStore(ENDPOINT, context_aware=True, returnFormat="json", method="POST")
    names = {str(name) for name in store.contexts()}
    assert smallest["graph"]["value"] in names, names


@task
def rdflib_reads_whole_graphs():
    smallest = rows(GRAPHS)[0]
    name, count = smallest["graph"]["value"], int(smallest["n"]["value"])
    for short, syntax in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        asked = {"graph": name, "format": short}
        address = f"{BASE}/rdf-graph-store?{urllib.parse.urlencode(asked)}"
        assert len(Graph().parse(address, format=syntax)) == count, short
    assert len(Graph().parse(name)) == count, "the graph's own address"
    assert len(Graph().parse(f"{BASE}/rdf-graph-store?default&format=nt", format="nt")) > 1000


@task
def rdflib_reads_descriptions():
    service = Graph().parse(ENDPOINT)
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert (URIRef(ENDPOINT), endpoint, URIRef(ENDPOINT)) in service
    assert len(Graph().parse(BASE + "/void.ttl")) > 50
    thing = URIRef(rows(TITLES)[0]["thing"]["value"])
    document = Graph().parse(str(thing))
    assert (thing, RDF.type, None) in document, "dereferencing"


@task
def pandas_reads_csv():
    asked = urllib.parse.urlencode({"query": GRAPHS, "format": "csv"})
    table = pandas.read_csv(f"{ENDPOINT}?{asked}")
    assert list(table.columns) == ["graph", "n"] and table["n"].dtype == "int64", table.dtypes
    assert table["n"].sum() > 1000
    described = pandas.read_csv(f"{ENDPOINT}?{urllib.parse.urlencode({'query': TITLES, 'format': 'tsv'})}", sep="\t")
    assert len(described) == 50


@task
def pandas_normalizes_json():
    asked = urllib.parse.urlencode({"query": TITLES, "format": "json"})
    with urllib.request.urlopen(f"{ENDPOINT}?{asked}") as answer:
        table = pandas.json_normalize(json.load(answer)["results"]["bindings"])
    assert len(table) == 50 and {"thing.value", "title.value"} <= set(table.columns), table.columns


def main():
    for function in TASKS:
        client, _, name = function.__name__.partition("_")
        verdict = {"client": client, "task": name.replace("_", " "), "fault": None}
        try:
            function()
        except Exception as error:  # Whatever a client does not like is a fault of ours.
            verdict["fault"] = f"{type(error).__name__}: {error}"[:600]
        print(json.dumps(verdict), flush=True)


main()
