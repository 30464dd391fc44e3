//! Measurements: the words for people, and each dimension as a number with its unit.

use super::draft::Draft;
use super::field::{self, Label, Names, Term};
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node};
use std::fmt::Write as _;
use vocabularies::{crm, dcterms, xsd};

pub(super) fn describe(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    for (index, set) in wrap.path("objectMeasurementsWrap/objectMeasurementsSet").enumerate() {
        let path = format!("lido:objectMeasurementsSet[{}]", index + 1);
        draft.out.rule("lido.objectMeasurements.extent", &path);
        let displayed: Vec<_> = field::texts(set, "displayObjectMeasurements").collect();
        for label in &displayed {
            draft.out.text(item, dcterms::EXTENT, &label.text, label.language);
        }
        for measured in set.children("objectMeasurements") {
            let composed = measurement(draft, measured);
            if let Some((text, language)) = composed
                && displayed.is_empty()
            {
                draft.out.text(item, dcterms::EXTENT, &text, language);
            }
        }
    }
}

/// States the measurements as displayed.
pub(super) fn displayed(draft: &mut Draft<'_, '_>, wrap: ElementRef<'_>) {
    let item = draft.item;
    draft.out.rule("lido.objectMeasurements.extent", "lido:objectMeasurementsSet");
    for set in wrap.path("objectMeasurementsWrap/objectMeasurementsSet") {
        for label in field::texts(set, "displayObjectMeasurements") {
            draft.out.text(item, dcterms::EXTENT, &label.text, label.language);
        }
    }
}

/// Describes one act of measuring; gives its dimensions as words.
fn measurement<'e>(draft: &mut Draft<'_, '_>, measured: ElementRef<'e>) -> Option<(String, Option<&'e str>)> {
    let item = draft.item;
    let sets: Vec<_> = measured.children("measurementsSet").filter(|set| !set.is_empty()).collect();
    if sets.iter().all(|set| set.child("measurementValue").is_none_or(|value| value.text().is_empty())) {
        return None;
    }
    let measurement = draft.fragment("measurement");
    draft.out.link(item, crm::P39I_WAS_MEASURED_BY, measurement);
    draft.out.a(measurement, crm::E16_MEASUREMENT);
    let mut words = String::new();
    for set in sets {
        if let Some(text) = dimension(draft, set, measurement) {
            let _ = write!(words, "{}{text}", if words.is_empty() { "" } else { ", " });
        }
    }
    let mut of_what = Vec::new();
    for name in ["extentMeasurements", "qualifierMeasurements", "shapeMeasurements", "formatMeasurements"] {
        for part in measured.children(name) {
            for term in field::terms(draft, part) {
                if let Some(label) = term.names.first() {
                    draft.out.text(measurement, crm::P3_HAS_NOTE, &label.text, label.language);
                    of_what.push(label.text.clone().into_owned());
                }
            }
        }
    }
    if !of_what.is_empty() {
        let _ = write!(words, " ({})", of_what.join(", "));
    }
    (!words.is_empty()).then(|| (words, field::language(measured)))
}

/// Describes the dimensions of a set: mostly one, and several where the value is a product such as `205 x 149`.
fn dimension(draft: &mut Draft<'_, '_>, set: ElementRef<'_>, measurement: Node) -> Option<String> {
    let written = set.child("measurementValue").map(ElementRef::text).filter(|value| !value.is_empty())?;
    // There may be one element a language; the first without a language is the one of the record.
    let mut first = |name: &str| -> Option<Term<'_>> {
        let elements: Vec<_> = set.children(name).collect();
        let plain = elements.iter().find(|element| field::own_language(**element).is_none());
        field::terms(draft, *plain.or(elements.first())?).into_iter().next()
    };
    let (kind, mut unit) = (first("measurementType"), first("measurementUnit"));
    // The symbol of a unit belongs to no language.
    for label in unit.iter_mut().flat_map(|unit| &mut unit.names.preferred) {
        if label.text.chars().count() <= 3 {
            label.language = None;
        }
    }
    let factors = factors(&written).filter(|factors| factors.iter().all(|factor| numbers(factor).is_some()));
    match factors {
        Some(values) => {
            let label = kind.as_ref().and_then(|kind| kind.names.first()).cloned();
            let names = label.as_ref().and_then(|label| factors_of_words(&label.text, values.len()));
            for (index, value) in values.iter().enumerate() {
                let name = names.as_ref().zip(label.as_ref()).map(|(names, label)| Term {
                    names: Names::sort(vec![Label { text: names[index].into(), ..label.clone() }]),
                    iris: Vec::new(),
                });
                state(draft, measurement, value, name.as_ref().or(kind.as_ref()), unit.as_ref());
            }
        }
        None => state(draft, measurement, &written, kind.as_ref(), unit.as_ref()),
    }
    let label = |term: &Option<Term<'_>>| term.as_ref().and_then(Term::label).unwrap_or_default().to_owned();
    let words = [label(&kind), written.into_owned(), label(&unit)];
    Some(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

fn state(
    draft: &mut Draft<'_, '_>,
    measurement: Node,
    value: &str,
    kind: Option<&Term<'_>>,
    unit: Option<&Term<'_>>,
) {
    let item = draft.item;
    let dimension = draft.fragment("dimension");
    draft.out.link(item, crm::P43_HAS_DIMENSION, dimension);
    draft.out.link(measurement, crm::P40_OBSERVED_DIMENSION, dimension);
    draft.out.a(dimension, crm::E54_DIMENSION);
    match numbers(value) {
        Some((value, None)) => draft.out.typed(dimension, crm::P90_HAS_VALUE, &value, xsd::DECIMAL),
        Some((low, Some(high))) => {
            draft.out.typed(dimension, crm::P90A_HAS_LOWER_VALUE_LIMIT, &low, xsd::DECIMAL);
            draft.out.typed(dimension, crm::P90B_HAS_UPPER_VALUE_LIMIT, &high, xsd::DECIMAL);
        }
        None => {
            draft.out.issue(IssueKind::BadNumber, value, "a number such as 41 or 8.5");
            draft.out.text(dimension, crm::P3_HAS_NOTE, value, None);
        }
    }
    if let Some(node) = kind.and_then(|kind| kind.node(draft)) {
        draft.out.link(dimension, crm::P2_HAS_TYPE, node);
    }
    if let Some(node) = unit.and_then(|unit| unit.node(draft)) {
        draft.out.link(dimension, crm::P91_HAS_UNIT, node);
    }
}

/// The factors of a product such as `205 x 149` or `36 × 24 × 4.5`.
fn factors(text: &str) -> Option<Vec<&str>> {
    let factors: Vec<&str> = text.split(['x', 'X', '×']).map(str::trim).collect();
    (factors.len() > 1).then_some(factors)
}

/// The names of so many factors: `Höhe x Breite`, whose words may have an x of their own.
fn factors_of_words(text: &str, count: usize) -> Option<Vec<&str>> {
    let spaced = [" x ", " X ", " × ", "×"];
    let names = spaced.iter().map(|between| text.split(between).map(str::trim).collect::<Vec<_>>());
    names.into_iter().find(|names| names.len() == count && names.iter().all(|name| !name.is_empty()))
}

/// A number, or two as the ends of a range, as `xsd:decimal` has them.
pub(super) fn numbers(text: &str) -> Option<(String, Option<String>)> {
    if let Some(value) = decimal(text) {
        return Some((value, None));
    }
    let (low, high) = text.split_once(['-', '–', '—'])?;
    Some((decimal(low)?, Some(decimal(high)?)))
}

/// A decimal with a point or a comma; a comma before three digits and more is refused, as it may part
/// thousands.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let point = text.replacen(',', ".", 1);
    let (whole, fraction) = point.split_once('.').unwrap_or((point.as_str(), ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty()
        && whole.len() + fraction.len() <= 18
        && digits(whole.strip_prefix('-').unwrap_or(whole))
        && digits(fraction)
        && !whole.ends_with('-')
        && !(text.contains(',') && fraction.len() == 3);
    if !fits {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_of_two_conventions() {
        let one = |text: &str| numbers(text).map(|(value, _)| value);
        assert_eq!(one("8.50").as_deref(), Some("8.5"));
        assert_eq!(one(" 81,8 ").as_deref(), Some("81.8"));
        assert_eq!(one("153").as_deref(), Some("153"));
        assert_eq!(numbers("12–15,5"), Some(("12".to_owned(), Some("15.5".to_owned()))));
        for bad in ["", "-", "1,234", "ca. 12", "1.2.3", "12 x 17", "½"] {
            assert_eq!(numbers(bad), None, "{bad}");
        }
    }
}
