//! What was found, as files: CSV with all of it, JSON and JSON-LD page by page.

use super::wish::{DEEPEST, Wish, offered};
use super::{Ground, failed, known, values};
use crate::negotiate::{CSV, JSON_LD, Media};
use crate::problem::Problem;
use crate::value::Words;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use graph_index::items::{Answer, Asked, FACETS, Hit};
use graph_store::rdf::Term;
use serde_json::{Map, Value, json};
use vocabularies::schema;

/// The columns of values, in the order in which a file has them.
const COLUMNS: [&str; 7] = ["type", "maker", "subject", "place", "institution", "sector", "rights"];
/// How many values of each facet JSON counts.
const VALUES: usize = 20;
/// So many items are named at once.
const BATCH: usize = 500;

/// Answers in a syntax for programs.
pub(super) fn answer(ground: &Ground<'_>, wish: &Wish, media: Media) -> Result<Response, Problem> {
    let whole = media == CSV;
    let mut asked = wish.asked();
    if whole {
        (asked.from, asked.count) = (0, DEEPEST);
    } else {
        if wish.is_too_deep() {
            return Err(Problem::bad_request(format!(
                "pages go as far as {DEEPEST} items; narrow the search, or take the dump or a query"
            )));
        }
        asked.facets = offered(ground.items).into_iter().map(|facet| (facet, VALUES)).collect();
    }
    let found = search(ground, &asked)?;
    if whole && found.total as usize > DEEPEST {
        // Half a table that looks like a whole one would be worse than none.
        let detail = format!(
            "{} items were found, and a table has at most {DEEPEST}; narrow the search, take it page by page as JSON, ask by \
             SPARQL, or take the dump",
            found.total
        );
        return Err(Problem::new(StatusCode::BAD_REQUEST, "too-many-items", detail));
    }
    let rows = rows(ground, &found.hits)?;
    let body = if whole {
        csv(&rows)
    } else if media == JSON_LD {
        linked(ground, wish, &found, &rows)
    } else {
        plain(ground, wish, &found, &rows)?
    };
    let mut response = ([(header::CONTENT_TYPE, media.content_type)], body).into_response();
    let links = links(ground, wish, &found, whole);
    if let Ok(links) = HeaderValue::from_str(&links) {
        response.headers_mut().insert(header::LINK, links);
    }
    if whole {
        let name = HeaderValue::from_static("inline; filename=\"items.csv\"");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn search(ground: &Ground<'_>, asked: &Asked<'_>) -> Result<Answer, Problem> {
    ground.items.search(asked, &|| ground.go_on()).map_err(|error| failed(&error))
}

/// One item with the names of its values.
struct Row {
    iri: String,
    title: String,
    lang: Option<String>,
    page: String,
    /// By column: name and IRI.
    values: Vec<Vec<(String, Option<String>)>>,
    years: Option<[i32; 2]>,
    points: Vec<[f64; 2]>,
    score: f32,
}

fn rows(ground: &Ground<'_>, hits: &[Hit]) -> Result<Vec<Row>, Problem> {
    let terms = ground.ranks.index.terms();
    let mut words = ground.words();
    let mut rows = Vec::with_capacity(hits.len());
    for batch in hits.chunks(BATCH) {
        if !ground.go_on() {
            return Err(failed(&graph_index::IndexError::Late));
        }
        let mut iris = Vec::new();
        for hit in batch {
            if let Term::NamedNode(node) = terms.term(hit.id) {
                iris.push(node.into_string());
            }
            for key in COLUMNS {
                let facet = known(key);
                let values = ground.items.values_of(hit.item, facet);
                iris.extend(values.filter_map(|number| values::iri(&FACETS[facet], number, ground.ranks)));
            }
        }
        words.learn(&ground.generation.snapshot, iris.iter().map(String::as_str))?;
        rows.extend(batch.iter().map(|hit| row(ground, hit, &words)));
    }
    Ok(rows)
}

fn row(ground: &Ground<'_>, hit: &Hit, words: &Words<'_>) -> Row {
    let iri = match ground.ranks.index.terms().term(hit.id) {
        Term::NamedNode(node) => node.into_string(),
        _ => String::new(),
    };
    let values = COLUMNS.map(|key| {
        let facet = known(key);
        let value = |number| {
            let name = values::name(&FACETS[facet], number, words, ground.ranks).text;
            (name, values::iri(&FACETS[facet], number, ground.ranks))
        };
        ground.items.values_of(hit.item, facet).map(value).collect()
    });
    let spans = ground.items.spans_of(hit.item);
    let name = words.name(&iri);
    let rest = ground.app.place.rest(&iri).unwrap_or_default();
    Row {
        page: format!("{}/page/{rest}", ground.app.place.base()),
        title: name.text,
        lang: words.language_of(&iri).map(str::to_owned),
        values: values.to_vec(),
        years: spans.first().zip(spans.last()).map(|(first, last)| [first[0], last[1]]),
        points: ground
            .items
            .points_of(hit.item)
            .map(|point| [point.longitude, point.latitude].map(|degrees| f64::from(degrees) / 1e6))
            .collect(),
        score: hit.score,
        iri,
    }
}

/// RFC 4180; several values in a cell are parted by a bar.
fn csv(rows: &[Row]) -> String {
    let mut text = format!("iri,title,first_year,last_year,{},page\r\n", COLUMNS.join(","));
    let mut cell = |value: &str, end: &str| {
        if value.contains(['"', ',', '\r', '\n']) {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(value);
        }
        text.push_str(end);
    };
    for row in rows {
        cell(&row.iri, ",");
        cell(&row.title, ",");
        let year = |place: usize| row.years.map(|years| years[place].to_string()).unwrap_or_default();
        cell(&year(0), ",");
        cell(&year(1), ",");
        for values in &row.values {
            let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            cell(&names.join(" | "), ",");
        }
        cell(&row.page, "\r\n");
    }
    text
}

fn plain(ground: &Ground<'_>, wish: &Wish, found: &Answer, rows: &[Row]) -> Result<String, Problem> {
    let mut words = ground.words();
    let mut facets = Map::new();
    for counts in &found.facets {
        let facet = &FACETS[counts.facet];
        let iris: Vec<String> = counts
            .values
            .iter()
            .filter_map(|(number, _)| values::iri(facet, *number, ground.ranks))
            .collect();
        words.learn(&ground.generation.snapshot, iris.iter().map(String::as_str))?;
        let value = |(number, count): &(u32, u32)| {
            json!({
                "value": values::written(facet, *number, &ground.app.place, ground.ranks),
                "iri": values::iri(facet, *number, ground.ranks),
                "name": values::name(facet, *number, &words, ground.ranks).text,
                "count": count,
            })
        };
        let values: Vec<Value> = counts.values.iter().map(value).collect();
        facets.insert(facet.key.to_owned(), json!({ "values": values, "distinct": counts.distinct }));
    }
    let item = |row: &Row| {
        let mut item = json!({ "iri": row.iri, "title": row.title, "language": row.lang, "page": row.page, "years": row.years, "points": row.points });
        if row.score > 0.0 {
            item["score"] = json!(row.score);
        }
        for (key, values) in COLUMNS.iter().zip(&row.values) {
            let values: Vec<Value> =
                values.iter().map(|(name, iri)| json!({ "name": name, "iri": iri })).collect();
            item[*key] = values.into();
        }
        item
    };
    let items: Vec<Value> = rows.iter().map(item).collect();
    let body = json!({
        "total": found.total,
        "page": wish.page,
        "size": wish.size,
        "items": items,
        "facets": facets,
    });
    Ok(body.to_string())
}

fn linked(ground: &Ground<'_>, wish: &Wish, found: &Answer, rows: &[Row]) -> String {
    let element = |(place, row): (usize, &Row)| {
        let name = match &row.lang {
            Some(language) => json!({ "@value": row.title, "@language": language }),
            None => json!(row.title),
        };
        let thing = |(name, iri): &(String, Option<String>)| match iri {
            Some(iri) => json!({ "@id": iri, "name": name }),
            None => json!(name),
        };
        let of = |key: &str| -> Vec<Value> {
            let column = COLUMNS.iter().position(|other| *other == key);
            column.and_then(|column| row.values.get(column)).into_iter().flatten().map(thing).collect()
        };
        json!({
            "@type": "ListItem",
            "position": wish.start() + place + 1,
            "item": {
                "@id": row.iri,
                "@type": "CreativeWork",
                "name": name,
                "creator": of("maker"),
                "about": of("subject"),
                "genre": of("type"),
                "spatialCoverage": of("place"),
                "provider": of("institution"),
                "url": { "@id": row.page },
            },
        })
    };
    let elements: Vec<Value> = rows.iter().enumerate().map(element).collect();
    // The vocabulary stands here, so that nobody has to fetch it to read this.
    json!({
        "@context": { "@vocab": schema::NAMESPACE },
        "@id": format!("{}{}", ground.app.place.base(), wish.path(&[("page", &wish.page.to_string())])),
        "@type": "ItemList",
        "numberOfItems": found.total,
        "itemListElement": elements,
    })
    .to_string()
}

/// The pages around, and the same as a page for people.
fn links(ground: &Ground<'_>, wish: &Wish, found: &Answer, whole: bool) -> String {
    let base = ground.app.place.base();
    let mut links = vec![format!("<{base}{}>; rel=\"alternate\"; type=\"text/html\"", wish.path(&[]))];
    if !whole {
        let to = |page: usize, rel: &str| {
            format!("<{base}{}>; rel=\"{rel}\"", wish.path(&[("page", &page.to_string())]))
        };
        let last = (found.total as usize).min(DEEPEST).div_ceil(wish.size);
        if wish.page < last {
            links.push(to(wish.page + 1, "next"));
        }
        if wish.page > 1 {
            links.push(to(wish.page - 1, "prev"));
        }
    }
    links.join(", ")
}
