//! What it is called: 130, 240, 242, 245, 246, 247, 730, 740.

use super::authorities;
use super::punctuation::{full_stop, trim};
use super::reading::Reading;
use super::record::Field;
use super::works;
use crate::shared::{dates, languages};
use graph_model::{Description, IssueKind};
use vocabularies::{bf, dc, dcterms, owl};

/// Tells the titles of one field.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    match field.tag() {
        "245" => statement(field, reading, out),
        "130" | "240" | "243" => uniform(field, reading, out),
        "242" => {
            reading.rule(out, "marc.242.alternative", field, "a");
            let language = field.first('y').and_then(languages::tag);
            let item = out.item();
            let title = assemble(field, ALL);
            out.text(item, dcterms::ALTERNATIVE, &title.main, language);
            title.parallel.iter().for_each(|title| out.text(item, dcterms::ALTERNATIVE, title, None));
        }
        "730" => {
            reading.rule(out, "marc.730.related-work", field, "a");
            let title = works::title_of(field);
            let item = out.item();
            if let Some(work) = works::work(None, &title, field.indicator(1), out) {
                out.link(
                    item,
                    if field.indicator(2) == '2' { dcterms::HAS_PART } else { dcterms::RELATION },
                    work,
                );
            }
        }
        tag => {
            let rule = format!("marc.{tag}.alternative");
            reading.rule(out, &rule, field, "a");
            variant(field, reading, out);
            if let Some(linked) = reading.in_script(field) {
                variant(&linked, reading, out);
            }
        }
    }
}

/// A varying title. When it stood on the thing, and how it varied, is told beside it and not in it.
fn variant<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    let Assembled { main: title, parallel, .. } = assemble(field, "abnpks");
    let known = [('f', bf::DATE), ('g', bf::QUALIFIER)];
    let told = || known.into_iter().filter_map(|(code, property)| Some((field.first(code)?, property)));
    if !title.is_empty() && told().next().is_some() {
        let rule = format!("marc.{}.varying-title", field.tag());
        reading.rule(out, &rule, field, "fg");
        let node = out.next_fragment("varying-title");
        out.link(item, bf::TITLE, node);
        out.a(node, bf::VARIANT_TITLE);
        out.text(node, bf::MAIN_TITLE, &title, None);
        for (text, property) in told() {
            out.text(node, property, trim(text).trim_end_matches('.').trim_matches(['(', ')']), None);
        }
        reading.rule(out, &format!("marc.{}.alternative", field.tag()), field, "a");
    }
    parallel.iter().for_each(|title| out.text(item, dcterms::ALTERNATIVE, title, None));
    // Only a part of the title itself is surely in its language; a cover or a spine may speak another.
    let part = field.tag() == "246" && field.indicator(2) == '0';
    let tag = part.then(|| reading.tag_of(&title)).flatten();
    out.text(item, dcterms::ALTERNATIVE, &title, tag.as_deref());
}

fn uniform<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    reading.rule(out, "marc.240.alternative", field, "a");
    let item = out.item();
    out.text(item, dcterms::ALTERNATIVE, &works::title_of(field), None);
    if let Some(work) = reading.work {
        for iri in authorities::iris(field) {
            if let Some(other) = out.iri(&iri) {
                out.link(work, owl::SAME_AS, other);
            }
        }
    }
}

fn statement<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    let item = out.item();
    let title = assemble(field, ALL);
    reading.rule(out, "marc.245a.title", field, "abnp");
    if title.main.is_empty() {
        out.issue(IssueKind::MissingTitle, &field.joined("abcnp"), "a title in 245$a");
    }
    let tag = reading.tag_of(&title.main);
    out.text(item, dc::TITLE, &title.main, tag.as_deref());
    for parallel in &title.parallel {
        reading.rule(out, "marc.245b.parallel", field, "b");
        out.text(item, dcterms::ALTERNATIVE, parallel, None);
    }
    if let Some(linked) = reading.in_script(field) {
        // The title as it stands on the thing. With the language of the text it is the title in that language, and the
        // one in Latin letters is its transliteration; otherwise it must not become a second title.
        reading.rule(out, "marc.880-245.title", field, "6");
        let original = assemble(&linked, ALL).main;
        match reading.tag_of(&original) {
            Some(own) if Some(&own) != tag.as_ref() => out.text(item, dc::TITLE, &original, Some(&own)),
            _ => out.text(item, dcterms::ALTERNATIVE, &original, None),
        }
    }
    if title.divided {
        reading.rule(out, "marc.245.title-parts", field, "abnp");
        let node = out.fragment("title");
        out.link(item, bf::TITLE, node);
        out.a(node, bf::TITLE_CLASS);
        for (code, text) in field.subfields() {
            let property = match code {
                'a' => bf::MAIN_TITLE,
                'b' if title.parallel.is_empty() => bf::SUBTITLE,
                'n' => bf::PART_NUMBER,
                'p' => bf::PART_NAME,
                _ => continue,
            };
            out.text(node, property, trim(text), tag.as_deref());
        }
    }
    // Archives tell here when all that is described was made, and when most of it.
    if let Some(written) = field.first('f').or_else(|| field.first('g'))
        && let Some(span) = dates::read_date(full_stop(trim(written)), None)
    {
        reading.rule(out, "marc.245f.created", field, "fg");
        let time = out.time(&span);
        out.link(item, dcterms::CREATED, time);
    }
    if let Some(statement) = field.first('c') {
        reading.rule(out, "marc.245c.responsibility", field, "c");
        out.text(item, bf::RESPONSIBILITY_STATEMENT, full_stop(statement), None);
    }
}

/// A title put together from its subfields.
struct Assembled {
    main: String,
    parallel: Vec<String>,
    /// Whether it has a remainder or parts.
    divided: bool,
}

/// The subfields of a title with what archives put into it: form, dates, version.
const ALL: &str = "abnpkfgs";

fn assemble(field: &Field<'_>, codes: &str) -> Assembled {
    let mut title = Assembled { main: String::new(), parallel: Vec::new(), divided: false };
    // Whether what comes next is a parallel title: the subfield before ends in `=`.
    let mut parallel = false;
    for (code, text) in field.subfields() {
        if !codes.contains(code) {
            continue;
        }
        let value = trim(text);
        if !value.is_empty() {
            if parallel && matches!(code, 'a' | 'b') {
                title.parallel.push(value.to_owned());
            } else {
                let between = match code {
                    _ if title.main.is_empty() => "",
                    'b' if title.main.ends_with(':') => " ",
                    'b' => " : ",
                    'a' => " ; ",
                    // Dates of what the title covers, and other loose words.
                    'f' | 'g' => ", ",
                    _ => ". ",
                };
                // ` = ` inside a remainder begins a parallel title as well, and so does one at its head.
                let (own, rest) = match value.strip_prefix("= ") {
                    Some(rest) if code == 'b' => ("", rest),
                    _ => value.split_once(" = ").filter(|_| code == 'b').unwrap_or((value, "")),
                };
                if !own.is_empty() {
                    title.main.push_str(between);
                    title.main.push_str(trim(own));
                }
                title
                    .parallel
                    .extend(rest.split(" = ").map(trim).filter(|rest| !rest.is_empty()).map(str::to_owned));
                title.divided |= matches!(code, 'b' | 'n' | 'p') && !title.main.is_empty() && !own.is_empty();
            }
        }
        parallel = text.trim_end().ends_with('=');
    }
    title
}
