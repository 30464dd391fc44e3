//! Content negotiation by `Accept` (RFC 9110, section 12.5.1).
//!
//! Each resource has a list of what it can offer, best first. The client's quality values decide; where they
//! do not, our order does. A range that is not well-formed says nothing and is passed over.

use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::http::{HeaderMap, header};

/// A media type that can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Media {
    /// What it is called in `?format=` and as a file extension.
    pub(crate) id: &'static str,
    /// The media type in the answer's `Content-Type`, with a charset where the type has one.
    pub(crate) content_type: &'static str,
    /// The media types by which a client may ask for it.
    pub(crate) names: &'static [&'static str],
}

pub(crate) const HTML: Media = Media {
    id: "html",
    content_type: "text/html; charset=utf-8",
    names: &["text/html", "application/xhtml+xml"],
};
pub(crate) const TURTLE: Media = Media {
    id: "ttl",
    content_type: "text/turtle; charset=utf-8",
    names: &["text/turtle", "application/x-turtle", "application/turtle"],
};
pub(crate) const JSON_LD: Media = Media {
    id: "jsonld",
    content_type: "application/ld+json",
    names: &["application/ld+json", "application/json"],
};
pub(crate) const N_TRIPLES: Media = Media {
    id: "nt",
    content_type: "application/n-triples",
    names: &["application/n-triples", "text/plain"],
};
pub(crate) const RDF_XML: Media = Media {
    id: "rdf",
    content_type: "application/rdf+xml",
    names: &["application/rdf+xml", "application/xml", "text/xml"],
};
pub(crate) const N_QUADS: Media =
    Media { id: "nq", content_type: "application/n-quads", names: &["application/n-quads"] };
pub(crate) const TRIG: Media =
    Media { id: "trig", content_type: "application/trig; charset=utf-8", names: &["application/trig"] };
pub(crate) const RESULTS_JSON: Media = Media {
    id: "json",
    content_type: "application/sparql-results+json",
    names: &["application/sparql-results+json", "application/json"],
};
pub(crate) const RESULTS_XML: Media = Media {
    id: "xml",
    content_type: "application/sparql-results+xml",
    names: &["application/sparql-results+xml", "application/xml", "text/xml"],
};
pub(crate) const CSV: Media =
    Media { id: "csv", content_type: "text/csv; charset=utf-8; header=present", names: &["text/csv"] };
pub(crate) const TSV: Media = Media {
    id: "tsv",
    content_type: "text/tab-separated-values; charset=utf-8; header=present",
    names: &["text/tab-separated-values"],
};
pub(crate) const PROBLEM: Media = Media {
    id: "json",
    content_type: "application/problem+json",
    names: &["application/problem+json", "application/json"],
};

pub(crate) const TEXT: Media =
    Media { id: "text", content_type: "text/plain; charset=utf-8", names: &["text/plain"] };
pub(crate) const JSON: Media =
    Media { id: "json", content_type: "application/json", names: &["application/json"] };

/// The syntaxes of a document, best first.
pub(crate) const DOCUMENTS: [Media; 4] = [TURTLE, JSON_LD, N_TRIPLES, RDF_XML];
/// The syntaxes of a table of solutions or a yes or no, best first. A page comes last: only who asks for HTML
/// gets HTML.
pub(crate) const RESULTS: [Media; 5] = [RESULTS_JSON, RESULTS_XML, CSV, TSV, HTML];
/// The syntaxes of a graph that a query makes.
pub(crate) const GRAPHS: [Media; 7] = [TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG, HTML];

/// Other names that clients give formats in parameters, with ours. `json` and `xml` mean one thing for rows and another
/// for graphs.
const ALIASES: [(&str, &str); 15] = [
    ("turtle", "ttl"),
    ("n3", "ttl"),
    ("text/n3", "ttl"),
    ("text/rdf+n3", "ttl"),
    ("json-ld", "jsonld"),
    ("json", "jsonld"),
    ("ntriples", "nt"),
    ("n-triples", "nt"),
    ("rdf+xml", "rdf"),
    ("rdfxml", "rdf"),
    ("xml", "rdf"),
    ("nquads", "nq"),
    ("n-quads", "nq"),
    ("sparql-results+json", "json"),
    ("sparql-results+xml", "xml"),
];
/// The parameters that name a format, the one that counts first: clients send several at once.
const FORMAT_PARAMETERS: [&str; 3] = ["format", "output", "results"];

/// What the parameters call the format: nothing, one name, or several for one format, as some clients send.
pub(crate) fn asked(parameters: &Parameters) -> Vec<&str> {
    let all = |name| parameters.all(name).collect::<Vec<_>>();
    FORMAT_PARAMETERS.into_iter().map(all).find(|values| !values.is_empty()).unwrap_or_default()
}

/// What the client wants of the offers: the format that the parameters name, else the best by `Accept`.
///
/// # Errors
/// 400 when there is no such format or two are named, 406 when nothing is acceptable.
pub(crate) fn chosen<'o>(
    parameters: &Parameters,
    headers: &HeaderMap,
    offers: &'o [Media],
) -> Result<&'o Media, Problem> {
    let asked = asked(parameters);
    let Some(first) = asked.first() else {
        return best(headers, offers).ok_or_else(|| Problem::not_acceptable(&listed(offers)));
    };
    let mut found = asked.iter().filter_map(|id| named(id, offers));
    let Some(media) = found.next() else {
        let ids: Vec<&str> = offers.iter().map(|offer| offer.id).collect();
        let ids = ids.join(", ");
        return Err(Problem::bad_request(format!("there is no format '{first}' for this; there are {ids}")));
    };
    match found.find(|other| *other != media) {
        Some(other) => {
            let two = format!("the request names two formats, {} and {}", media.id, other.id);
            Err(Problem::bad_request(two))
        }
        None => Ok(media),
    }
}

/// The offer that the client likes best, or `None` when it accepts none. No `Accept` means anything.
pub(crate) fn best<'o>(headers: &HeaderMap, offers: &'o [Media]) -> Option<&'o Media> {
    let ranges = ranges(headers);
    if ranges.is_empty() {
        return offers.first();
    }
    let mut best: Option<(&Media, u16)> = None;
    for offer in offers {
        let quality = quality(&ranges, offer);
        if quality > 0 && best.is_none_or(|(_, so_far)| quality > so_far) {
            best = Some((offer, quality));
        }
    }
    best.map(|(offer, _)| offer)
}

/// The offer that is called `id`, by our name, a media type, or a name that others use.
pub(crate) fn named<'o>(id: &str, offers: &'o [Media]) -> Option<&'o Media> {
    let id = id.trim().to_ascii_lowercase();
    let essence = id.split(';').next().unwrap_or_default().trim_end();
    let direct = offers.iter().find(|offer| offer.id == essence || offer.names.contains(&essence));
    direct.or_else(|| {
        let (_, own) = ALIASES.iter().find(|(alias, _)| *alias == essence)?;
        offers.iter().find(|offer| offer.id == *own)
    })
}

/// Whether a person with a browser is asking: HTML is accepted by name and nothing offered for machines is
/// liked better.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    best(headers, &[PROBLEM, HTML]) == Some(&HTML)
}

/// What is offered, in words for an error message.
pub(crate) fn listed(offers: &[Media]) -> String {
    offers.iter().map(|offer| offer.names[0]).collect::<Vec<_>>().join(", ")
}

/// One range of an `Accept` header, in lower case; the quality is in thousandths.
#[derive(Debug)]
struct Range {
    kind: String,
    subtype: String,
    quality: u16,
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(range)
        .collect()
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';');
    let (kind, subtype) = parts.next()?.trim().split_once('/')?;
    if kind.is_empty() || subtype.is_empty() || (kind == "*" && subtype != "*") {
        return None;
    }
    let mut quality = 1000;
    for parameter in parts {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("q")
        {
            quality = thousandths(value.trim())?;
        }
    }
    Some(Range { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), quality })
}

/// A quality value, `0` to `1` with at most three decimals, in thousandths.
pub(crate) fn thousandths(text: &str) -> Option<u16> {
    let value: f32 = text.parse().ok()?;
    if !(0.0..=1.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000 fits")]
    Some((value * 1000.0).round() as u16)
}

/// The quality of the most specific range that covers the offer by any of its names.
fn quality(ranges: &[Range], offer: &Media) -> u16 {
    let mut found = (0, 0);
    for (position, name) in offer.names.iter().enumerate() {
        let Some((kind, subtype)) = name.split_once('/') else { continue };
        for range in ranges {
            let specific = match (range.kind.as_str(), range.subtype.as_str()) {
                (k, s) if k == kind && s == subtype => 3,
                // A wildcard means what the offer really is, not its other names.
                (k, "*") if k == kind && position == 0 => 2,
                ("*", "*") => 1,
                _ => 0,
            };
            if specific > 0 {
                found = found.max((specific, range.quality));
            }
        }
    }
    found.1
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn chosen(accept: &str, offers: &[Media]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(header::ACCEPT, accept.parse().unwrap());
        }
        best(&headers, offers).map(|media| media.id)
    }

    #[test]
    fn chooses_by_quality_then_by_our_order() {
        for (accept, expected) in [
            ("", Some("json")),
            ("*/*", Some("json")),
            ("text/csv", Some("csv")),
            ("TEXT/CSV", Some("csv")),
            ("text/*", Some("csv")),
            ("text/csv;q=0.5, text/tab-separated-values", Some("tsv")),
            ("application/sparql-results+xml;q=0.9, */*;q=0.1", Some("xml")),
            ("application/json;q=0, */*", Some("xml")),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some("html")),
            ("image/png", None),
            ("*/*;q=0", None),
            ("text/csv;q=2, text/html;q=0.1", Some("html")),
            (",;,/,*/csv,text/tab-separated-values", Some("tsv")),
            ("text/csv; header=present; q=0.3, application/sparql-results+json;q=0.2", Some("csv")),
        ] {
            assert_eq!(chosen(accept, &RESULTS), expected, "{accept}");
        }
        assert_eq!(chosen("application/rdf+xml", &DOCUMENTS), Some("rdf"));
        assert_eq!(chosen("application/json", &DOCUMENTS), Some("jsonld"));
    }

    #[test]
    fn tells_people_from_machines() {
        for (accept, page) in
            [("", false), ("*/*", false), ("text/html,*/*;q=0.8", true), ("application/json", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(wants_page(&headers), page, "{accept}");
        }
    }
}
