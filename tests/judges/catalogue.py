"""Reads the catalogue of a running server as strangers do: the shapes of DCAT-AP, counts of VoID against counts of the
endpoint, schema.org in pages by extruct, signposts by the client that people install, the site map and the feeds.

Called with the server's base, the folder of the shapes, and the IRI of an item. One line of JSON a task: task, and why it
failed, if it did."""

import json
import pathlib
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import extruct
import pyshacl
import rdflib
import signposting
from rdflib.namespace import DCAT, DCTERMS, RDF, SH, VOID

BASE, SHAPES, ITEM = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
# The base of the IRIs need not be the address of the server.
NAME = ITEM.split("/id/")[0]
# A publisher has to be in the list of the Union's own institutions: for those only.
NOT_OURS = rdflib.URIRef(DCTERMS.publisher)


def fetch(address, accept="*/*"):
    address = address.replace(NAME, BASE)
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def select(query):
    address = f"{BASE}/sparql?{urllib.parse.urlencode({'query': query})}"
    rows = json.loads(fetch(address, "application/sparql-results+json"))["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def catalogue():
    return rdflib.Graph().parse(data=fetch(f"{BASE}/.well-known/void"), format="turtle")


def shapes_of_dcat_ap():
    told = catalogue()
    for name in ("shapes.ttl", "range.ttl", "deprecateduris.ttl", "mdr-vocabularies.shape.ttl"):
        shapes = rdflib.Graph().parse(SHAPES / name)
        if name.startswith("mdr"):
            for shape in list(shapes.subjects(SH.path, NOT_OURS)):
                shapes.remove((None, None, shape))
        conforms, _, text = pyshacl.validate(told, shacl_graph=shapes, advanced=True)
        assert conforms, f"{name}: {text}"
    # That the shapes see something at all.
    assert len(list(told.subjects(RDF.type, DCAT.Catalog))) == 1
    without = catalogue()
    without.remove((None, DCTERMS.description, None))
    conforms, *_ = pyshacl.validate(without, shacl_graph=rdflib.Graph().parse(SHAPES / "shapes.ttl"), advanced=True)
    assert not conforms, "a catalogue without descriptions conforms"


def partitions(told, dataset, partition, term, count):
    of = {}
    for node in told.objects(dataset, partition):
        of[str(told.value(node, term))] = int(told.value(node, count))
    return of


def counts_of_void():
    told = catalogue()
    whole = told.value(None, RDF.type, DCAT.Catalog)
    compared = 0
    for dataset in [whole, *told.objects(whole, VOID.subset)]:
        name = str(dataset).rsplit("/", 1)[1]
        of = "" if dataset == whole else f"GRAPH <{NAME}/graph/{name}>"
        rows = select(f"SELECT ?p (COUNT(*) AS ?n) {{ {of} {{ ?s ?p ?o }} }} GROUP BY ?p")
        met = {row["p"]: int(row["n"]) for row in rows}
        said = partitions(told, dataset, VOID.propertyPartition, VOID.property, VOID.triples)
        assert said == met, (name, {key: (said.get(key), met.get(key)) for key in said.keys() ^ met.keys()})
        rows = select(f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ {of} {{ ?s a ?c }} }} GROUP BY ?c")
        met = {row["c"]: int(row["n"]) for row in rows}
        assert partitions(told, dataset, VOID.classPartition, VOID["class"], VOID.entities) == met, name
        assert int(told.value(dataset, VOID.triples)) == sum(
            partitions(told, dataset, VOID.propertyPartition, VOID.property, VOID.triples).values()
        ), name
        compared += len(said)
    assert compared > 100, compared


def datasets_in_pages():
    told = catalogue()
    whole = told.value(None, RDF.type, DCAT.Catalog)
    for dataset in [whole, *told.objects(whole, VOID.subset)]:
        path = "/" if dataset == whole else str(dataset).replace(f"{NAME}/id/", "/page/")
        page = fetch(f"{BASE}{path}", "text/html").decode()
        found = extruct.extract(page, base_url=BASE, syntaxes=["json-ld"])["json-ld"]
        assert [entry["@type"] for entry in found] == ["Dataset"], (path, found)
        assert found[0]["name"] == str(told.value(dataset, DCTERMS.title)), path
        assert found[0]["license"].startswith("http") and found[0]["description"], path
        downloads = {entry["contentUrl"] for entry in found[0]["distribution"]}
        assert downloads == {str(url) for url in told.objects(dataset, VOID.dataDump)}, (path, downloads)


def signposts():
    page = ITEM.replace("/id/", "/page/").replace(NAME, BASE)
    found = signposting.find_signposting_http(page)
    assert found.citeAs.target == ITEM, found.citeAs
    syntaxes = {post.type for post in found.describedBy}
    assert {"text/turtle", "application/ld+json"} <= syntaxes, syntaxes
    assert found.license is not None and "creativecommons" in found.license.target, found.license
    assert {"https://schema.org/AboutPage", "https://schema.org/CreativeWork"} == {post.target for post in found.types}
    for post in found.describedBy:
        assert fetch(post.target, post.type), post


def site_map():
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ElementTree.fromstring(fetch(f"{BASE}/sitemap.xml"))
    assert f"Sitemap: {NAME}/sitemap.xml" in fetch(f"{BASE}/robots.txt").decode()
    pages = []
    for part in index.iter(f"{space}loc"):
        listed = ElementTree.fromstring(fetch(part.text))
        pages += [entry.text for entry in listed.iter(f"{space}loc")]
    assert len(pages) == len(set(pages)), "a page is listed twice"
    items = int(select("SELECT (COUNT(?s) AS ?n) { ?s a <http://www.europeana.eu/schemas/edm/ProvidedCHO> }")[0]["n"])
    assert items < len(pages) < 50 * items, (items, len(pages))
    for page in pages[:: max(1, len(pages) // 60)]:
        assert fetch(page, "text/html"), page


def feeds():
    space = "{http://www.w3.org/2005/Atom}"
    whole = ElementTree.fromstring(fetch(f"{BASE}/feed.atom"))
    entries = whole.findall(f"{space}entry")
    assert entries, "nothing ever changed"
    times = [entry.find(f"{space}updated").text for entry in entries]
    assert times == sorted(times, reverse=True), times
    for entry in entries:
        assert fetch(entry.find(f"{space}link").get("href"), "text/html")
        assert fetch(entry.find(f"{space}id").text, "text/turtle")
    one = entries[0].find(f"{space}link").get("href").rsplit("/", 1)[1]
    assert ElementTree.fromstring(fetch(f"{BASE}/feed/{one}.atom")).findall(f"{space}entry")


def cubes():
    """What the cubes say, counted again by plain queries."""
    prefixes = """PREFIX a: <https://w3id.org/aarre/ns#> PREFIX dc: <http://purl.org/dc/elements/1.1/>
        PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX edm: <http://www.europeana.eu/schemas/edm/>
        PREFIX ore: <http://www.openarchives.org/ore/terms/> PREFIX qb: <http://purl.org/linked-data/cube#>
        PREFIX dcat: <http://www.w3.org/ns/dcat#> """
    shown = "EXISTS { ?item ore:isAggregatedBy/(edm:isShownBy|edm:hasView) ?picture }"
    paths = {
        "ofSector": "?item a:sector ?value",
        "ofType": "?item dc:type ?value",
        "ofPlace": "?item dcterms:spatial ?value",
        "ofRights": "?item ore:isAggregatedBy/edm:rights ?value",
    }
    for dimension, path in paths.items():
        rows = select(f"""{prefixes} SELECT ?value (COUNT(DISTINCT ?item) AS ?items) (SUM(?open) AS ?opened)
            {{ SELECT DISTINCT ?value ?item ?open {{ ?item a edm:ProvidedCHO . {path}
               BIND(IF({shown}, 1, 0) AS ?open) }} }} GROUP BY ?value""")
        met = {row["value"]: (int(row["items"]), int(row["opened"])) for row in rows}
        rows = select(f"""{prefixes} SELECT * {{ ?all a dcat:Catalog . ?o a:ofDataset ?all ; a:{dimension} ?value ;
            a:itemCount ?items ; a:digitisedCount ?opened }}""")
        said = {row["value"]: (int(row["items"]), int(row["opened"])) for row in rows}
        rest = {value: said.pop(value, (0, 0)) for value in list(said) if value.startswith("https://w3id.org/aarre/ns#o")}
        said.pop("https://w3id.org/aarre/ns#notStated", None)
        assert said.items() <= met.items(), (dimension, dict(said.items() - met.items()))
        # What is not told by name is told in sum.
        left = [met[value] for value in met.keys() - said.keys()]
        assert sum(items for items, _ in left) == sum(items for items, _ in rest.values()), (dimension, left, rest)
        assert said, dimension


for task in (shapes_of_dcat_ap, counts_of_void, datasets_in_pages, signposts, site_map, feeds, cubes):
    try:
        task()
        print(json.dumps({"task": task.__name__, "fault": None}))
    except Exception as fault:
        print(json.dumps({"task": task.__name__, "fault": f"{type(fault).__name__}: {fault}"[:2000]}))
