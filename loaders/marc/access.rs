//! Where to see it: 856 and 857, who holds it (852), and what may be done with it (540).

use super::punctuation::trim;
use super::reading::{Reading, numbered};
use super::record::Field;
use crate::shared::core::{self, View};
use graph_model::Description;
use vocabularies::{dc, dcterms};

/// Tells of one field.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    if field.tag() == "852" {
        reading.rule(out, "marc.852.data-provider", field, "a");
        // Several holders leave it open whose record this is; the dataset says it.
        let holders = || reading.record.tagged("852").filter_map(|field| field.first('a'));
        if let Some(name) = field.first('a')
            && holders().all(|other| other == name)
        {
            core::data_provider(out, trim(name), None);
        }
        return;
    }
    // Subfield g of 857 and u of 856 hold addresses; older 856 fields have host and path apart.
    let materials =
        format!("{} {}", field.first('3').unwrap_or_default(), field.first('z').unwrap_or_default())
            .to_lowercase();
    for url in field.every('u') {
        reading.rule(out, "marc.856.access", field, "u");
        let medium = field.first('q').filter(|format| format.contains('/')).map(trim);
        let url = if url.starts_with("www.") { format!("https://{url}") } else { url.replace(' ', "%20") };
        if reading.seen.contains(&url) {
            continue;
        }
        reading.seen.push(url.clone());
        let kind = kind(field, &materials, &url, medium);
        if !matches!(kind, Kind::Related | Kind::Cover)
            && field.indicator(2) != '2'
            && let Some(name) = persistent(&url)
        {
            let item = out.item();
            out.text(item, dc::IDENTIFIER, &name, None);
        }
        let page = match kind {
            Kind::Cover => core::web_resource(out, &url, View::Preview, medium),
            Kind::Object => {
                let view = if reading.shown_by { View::Other } else { View::ShownBy };
                reading.shown_by = true;
                core::web_resource(out, &url, view, medium)
            }
            Kind::Page => {
                let view = if reading.shown_at { View::Other } else { View::ShownAt };
                reading.shown_at = true;
                core::web_resource(out, &url, view, medium)
            }
            Kind::Related => {
                let Some(target) = out.iri(&url) else { continue };
                let item = out.item();
                let label = field.first('3').or_else(|| field.first('y'));
                match label {
                    // What the page is stands in the record, so it stands with the link.
                    Some(label) => {
                        let node = numbered(out, "related", &mut reading.relations);
                        out.link(item, dcterms::RELATION, node);
                        out.text(node, dc::TITLE, trim(label), None);
                        out.link(node, dc::SOURCE, target);
                    }
                    None => out.link(item, dcterms::RELATION, target),
                }
                None
            }
        };
        if let Some(page) = page {
            for (_, text) in field.subfields().filter(|(code, _)| matches!(code, '3' | 'y' | 'z')) {
                out.text(page, dc::DESCRIPTION, trim(text), None);
            }
        }
    }
}

/// The persistent name of the thing in the address of a resolver: a DOI as its IRI, a URN as it is.
fn persistent(url: &str) -> Option<String> {
    if let Some(at) = url.find("doi.org/10.") {
        return Some(format!("https://doi.org/{}", &url[at + "doi.org/".len()..]));
    }
    let at = url.find("urn:nbn:")?;
    let name = url[at..].split(['&', '?', '#', '/']).next().unwrap_or_default();
    (name.len() > "urn:nbn:xx:".len()).then(|| name.to_owned())
}

enum Kind {
    Cover,
    Object,
    Page,
    Related,
}

/// Words of `$3` and `$z` for pages that are about the thing rather than the thing itself.
const ABOUT: &[&str] = &[
    "abstract",
    "inhaltstext",
    "inhaltsverzeichnis",
    "table of contents",
    "contents",
    "sisällys",
    "innehåll",
    "publisher description",
    "contributor biographical",
    "sample text",
    "review",
    "rezension",
    "tiivistelmä",
    "esittely",
    "kuvailulehti",
    "kuvaus",
    "kommentti",
    "beschreibung",
    "klappentext",
    "зміст",
    "leseprobe",
    "finding aid",
    "related",
    "author information",
];
const COVER: &[&str] = &["cover", "kansikuva", "omslag", "thumbnail", "esikatselukuva", "обкладинка"];
const FILES: &[&str] = &[
    ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".mp3", ".mp4", ".wav", ".epub", ".djvu", ".jp2",
    ".webm",
];

fn kind(field: &Field<'_>, materials: &str, url: &str, medium: Option<&str>) -> Kind {
    let has = |words: &[&str]| words.iter().any(|word| materials.contains(word));
    if has(COVER) {
        return Kind::Cover;
    }
    if field.indicator(2) == '2' || has(ABOUT) {
        return Kind::Related;
    }
    let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    let file = FILES.iter().any(|ending| path.ends_with(ending));
    let media = medium.is_some_and(|medium| !medium.starts_with("text/html"));
    if file || media { Kind::Object } else { Kind::Page }
}

/// Tells what may be done with the thing: 540.
pub(super) fn rights<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let aggregation = core::aggregation(out);
    let iri = field
        .every('u')
        .chain(field.every('a'))
        .find(|text| crate::shared::rights::statement(text).is_some());
    if let Some(text) = iri {
        reading.rule(out, "marc.540.rights", field, "u");
        core::rights(out, aggregation, text, None);
    } else {
        reading.rule(out, "marc.540.rights", field, "abcdg");
        let text = field.joined("abcdg");
        core::rights(
            out,
            aggregation,
            if text.is_empty() { field.first('u').unwrap_or_default() } else { &text },
            None,
        );
    }
}
