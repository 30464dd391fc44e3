//! `aarre preview … --rules FILE`: what the rules would alter.

use crate::terminal::{Terminal, counted, grouped};
use graph_publish::preview::{Changed, Comparison, Said};
use serde_json::json;

/// Shows a comparison: the records that differ, as many as wanted, and a summary.
pub(crate) fn show(
    comparison: &Comparison,
    against: &str,
    show: usize,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let total = comparison.total();
    let mut text = String::new();
    for changed in comparison.changed.iter().take(show) {
        one(changed, &mut text);
    }
    let more = comparison.changed.len().saturating_sub(show);
    if more > 0 {
        text.push_str(&format!("… and {} more; see them with --show N\n\n", counted(more as u64, "record")));
    }
    text.push_str(&format!(
        "{} of {} would change against {against}: {} removed, {} added\n",
        grouped(comparison.changed.len() as u64),
        counted(comparison.records, "record"),
        counted(total.removed, "statement"),
        grouped(total.added),
    ));
    for (rule, count) in &comparison.by_rule {
        text.push_str(&format!("  {rule:<40} -{} +{}\n", grouped(count.removed), grouped(count.added)));
    }
    for rule in &comparison.idle {
        text.push_str(&format!(
            "warning: {rule} said nothing about any of these records; is its field among those of `aarre rules --fields`?\n"
        ));
    }
    let sum = |of: fn(&Changed) -> usize| comparison.changed.iter().map(of).sum::<usize>() as u64;
    text.push_str(&format!(
        "issues: {} vanish, {} appear; SHACL: {} vanish, {} appear",
        grouped(sum(|one| one.issues_gone.len())),
        grouped(sum(|one| one.issues_new.len())),
        grouped(sum(|one| one.shacl_gone.len())),
        grouped(sum(|one| one.shacl_new.len())),
    ));
    let machines = json!({ "against": against, "total": total, "comparison": comparison });
    terminal.result(&text, &machines)
}

fn one(changed: &Changed, text: &mut String) {
    text.push_str(&format!("{}\n  from {}, record {}\n", changed.iri, changed.file, changed.record));
    for (sign, list) in [('-', &changed.removed), ('+', &changed.added)] {
        for said in list {
            let Said { subject, predicate, object, rule, path } = said;
            let place = if path.is_empty() { String::new() } else { format!(" from {path}") };
            text.push_str(&format!(
                "  {sign} {} {} {}\n        by {rule}{place}\n",
                short(subject, &changed.iri),
                short(predicate, &changed.iri),
                short(object, &changed.iri),
            ));
        }
    }
    for (words, list) in [
        ("issue vanishes", &changed.issues_gone),
        ("issue appears", &changed.issues_new),
        ("SHACL vanishes", &changed.shacl_gone),
        ("SHACL appears", &changed.shacl_new),
    ] {
        for line in list {
            text.push_str(&format!("  {words}: {line}\n"));
        }
    }
    text.push('\n');
}

/// An IRI by its prefixed name, or as what it is to the item.
fn short(term: &str, item: &str) -> String {
    let Some(iri) = term.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
        return term.to_owned();
    };
    match iri.strip_prefix(item) {
        Some("") => "(the item)".to_owned(),
        Some(fragment) if fragment.starts_with('#') => fragment.to_owned(),
        _ => vocabularies::qname(iri).unwrap_or_else(|| term.to_owned()),
    }
}
