//! Terms that are hard to keep.

use oxrdf::vocab::xsd;
use oxrdf::{BaseDirection, BlankNode, Literal, NamedNode, Term, Triple};
use proptest::prelude::*;

fn typed(text: &str, datatype: oxrdf::NamedNodeRef<'_>) -> Term {
    Literal::new_typed_literal(text, datatype).into()
}

/// Numbers whose values are close or equal, over all types.
pub(super) fn numbers() -> impl Strategy<Value = Term> {
    let texts = prop::sample::select(vec![
        "0",
        "-0",
        "1",
        "01",
        "+1",
        "1.0",
        "1.00",
        "-1",
        "2",
        "10",
        "0.1",
        "0.10",
        "0.3",
        "-0.1",
        "1e0",
        "1E1",
        "1e-1",
        "NaN",
        "INF",
        "-INF",
        "16777216",
        "16777217",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.5",
        "1e300",
        "3.5e38",
        "1e-320",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "abc",
        "",
        " 1",
        "123456789012345678.5",
        "0.000000000000000001",
        "1900",
        "1900.5",
    ]);
    let types = prop::sample::select(vec![
        xsd::INTEGER,
        xsd::INT,
        xsd::BYTE,
        xsd::UNSIGNED_LONG,
        xsd::DECIMAL,
        xsd::FLOAT,
        xsd::DOUBLE,
    ]);
    (texts, types).prop_map(|(text, datatype)| typed(text, datatype))
}

/// Moments and spans, with zones and without.
pub(super) fn times() -> impl Strategy<Value = Term> {
    let texts = prop::sample::select(vec![
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00Z",
        "2020-01-01T02:00:00+02:00",
        "2020-01-01T10:00:00-14:00",
        "2019-12-31T23:59:59.999",
        "-0044-03-15T12:00:00Z",
        "2020-01-01",
        "2020-01-01Z",
        "2020-01-02",
        "2020-01-01+13:00",
        "-0500-06-01",
        "12:00:00",
        "12:00:00Z",
        "13:00:00+01:00",
        "24:00:00",
        "2020",
        "2020Z",
        "-0044",
        "0800",
        "2020-05",
        "2020-05Z",
        "--05",
        "--05Z",
        "--02-29",
        "--05-01",
        "---05",
        "---31Z",
        "P1Y",
        "P12M",
        "P365D",
        "P366D",
        "P30D",
        "P1M",
        "PT24H",
        "P1D",
        "PT0S",
        "P0M",
        "-P1Y",
        "P1Y1D",
        "P999999999Y",
        "P1000000000000D",
        "2020-13-01",
        "x",
    ]);
    let types = prop::sample::select(crate::time_datatypes().to_vec());
    (texts, types).prop_map(|(text, datatype)| typed(text, datatype))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "a",
            "b",
            "A",
            "Äiti",
            "äiti",
            "\0",
            "a\0",
            "a\0\0b",
            "\u{ff}",
            "\u{10ffff}",
            "😀",
            "\"\n"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

fn strings() -> impl Strategy<Value = Term> {
    let tag = prop::sample::select(vec!["fi", "sv", "en", "en-gb", "ar"]);
    (text(), prop::option::of(tag), 0..4_u8).prop_map(|(text, tag, direction)| match (tag, direction) {
        (None, _) => Literal::from(text).into(),
        (Some(tag), 0) => {
            Literal::new_directional_language_tagged_literal_unchecked(text, tag, BaseDirection::Ltr).into()
        }
        (Some(tag), 1) => {
            Literal::new_directional_language_tagged_literal_unchecked(text, tag, BaseDirection::Rtl).into()
        }
        (Some(tag), _) => Literal::new_language_tagged_literal_unchecked(text, tag).into(),
    })
}

fn others() -> impl Strategy<Value = Term> {
    let types = prop::sample::select(vec![
        xsd::BOOLEAN.as_str(),
        "http://www.opengis.net/ont/geosparql#wktLiteral",
        "http://id.loc.gov/datatypes/edtf/EDTF",
        xsd::ANY_URI.as_str(),
    ]);
    let texts = prop_oneof![
        prop::sample::select(vec!["true", "false", "1", "0", "2", "POINT(24.9 60.2)", "196x"])
            .prop_map(str::to_owned),
        text()
    ];
    (texts, types).prop_map(|(text, datatype)| typed(&text, oxrdf::NamedNodeRef::new_unchecked(datatype)))
}

pub(super) fn nodes() -> impl Strategy<Value = oxrdf::NamedOrBlankNode> {
    prop_oneof![
        (0..6_u8).prop_map(|n| NamedNode::new_unchecked(format!("http://example.org/id/{n}")).into()),
        Just(NamedNode::new_unchecked("http://example.org/id/1#part").into()),
        Just(NamedNode::new_unchecked("http://example.org/käyttö").into()),
        prop::sample::select(vec!["a", "b", "ff", "x1"])
            .prop_map(|label| BlankNode::new_unchecked(label).into()),
    ]
}

pub(super) fn properties() -> impl Strategy<Value = NamedNode> {
    (0..4_u8).prop_map(|n| NamedNode::new_unchecked(format!("http://example.org/property/{n}")))
}

/// Any term that an object can be.
pub(super) fn terms() -> impl Strategy<Value = Term> {
    let plain = prop_oneof![
        nodes().prop_map(Term::from),
        properties().prop_map(Term::from),
        numbers(),
        times(),
        strings(),
        others(),
    ];
    plain.prop_recursive(2, 4, 1, |inner| {
        (nodes(), properties(), inner)
            .prop_map(|(subject, predicate, object)| Triple::new(subject, predicate, object).into())
    })
}
