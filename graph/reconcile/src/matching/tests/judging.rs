//! Identifiers, dates, several authorities: what becomes of mentions beside names.

use crate::authority::{About, Authority, Builder, Draft};
use crate::matching::{Feature, Hold, Matcher, Mention, Method, Model, Outcome, Scratch, Settings, Verdict};
use crate::{Kind, Label, Years};

fn draft(iri: &str, name: &str, born: i16, same_as: &[&str]) -> Draft {
    Draft {
        iri: iri.to_owned(),
        kind: Kind::Person,
        labels: vec![Label::preferred(name.to_owned())],
        born: Some(Years::one(born)),
        same_as: same_as.iter().map(|iri| (*iri).to_owned()).collect(),
        ..Draft::default()
    }
}

fn authority(drafts: &[Draft]) -> Authority {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::new(folder.path()).unwrap();
    for draft in drafts {
        builder.add(draft).unwrap();
    }
    builder.finish(About::default()).unwrap();
    Authority::open(folder.path()).unwrap()
}

const GND: &str = "https://d-nb.info/gnd/118000001";
const WIKIDATA: &str = "http://www.wikidata.org/entity/Q101";

fn two() -> Matcher {
    let gnd = authority(&[
        draft(GND, "Edelfelt, Albert", 1854, &[WIKIDATA]),
        draft("https://d-nb.info/gnd/118000002", "Edelfelt, Albert", 1790, &[]),
    ]);
    let wikidata = authority(&[
        draft(WIKIDATA, "Albert Edelfelt", 1854, &[]),
        draft("http://www.wikidata.org/entity/Q102", "Edelfelt, Carl", 1818, &[]),
    ]);
    Matcher::new(&[("gnd", gnd), ("wikidata", wikidata)], &Settings::default())
}

fn mention(name: &str, born: Option<i16>, identifiers: &[&str]) -> Mention {
    Mention {
        iri: "https://example.org/id/agent/1".to_owned(),
        kind: Kind::Person,
        labels: vec![Label::preferred(name.to_owned())],
        born: born.map(Years::one),
        identifiers: identifiers.iter().map(|iri| (*iri).to_owned()).collect(),
        ..Mention::default()
    }
}

fn judge(matcher: &Matcher, mention: &Mention) -> Verdict {
    matcher.judge(mention, &mut Scratch::default())
}

fn linked(matcher: &Matcher, verdict: &Verdict) -> Vec<String> {
    let iri = |place: usize, entry| matcher.authorities()[place].1.entry(entry).iri().into_owned();
    verdict.linked().map(|judged| iri(judged.authority, judged.entry)).collect()
}

#[test]
fn identifiers_come_first_and_lead_on_to_other_authorities() {
    let matcher = two();
    let verdict = judge(&matcher, &mention("A. E.", None, &["http://d-nb.info/gnd/118000001"]));
    assert_eq!((verdict.outcome, verdict.method), (Outcome::Linked, Some(Method::Identifier)));
    assert_eq!(linked(&matcher, &verdict), [GND, WIKIDATA]);
}

#[test]
fn a_wrong_identifier_is_for_review() {
    let matcher = two();
    let other = judge(&matcher, &mention("Edelfelt, Albert", Some(1990), &[GND]));
    assert_eq!((other.outcome, other.candidates[0].hold), (Outcome::Review, Some(Hold::Dates)));
    let both = [GND, "https://d-nb.info/gnd/118000002"];
    let twice = judge(&matcher, &mention("Edelfelt, Albert", Some(1854), &both));
    assert!(
        twice
            .candidates
            .iter()
            .filter(|judged| judged.authority == 0)
            .all(|judged| { judged.outcome == Outcome::Review })
    );
}

#[test]
fn a_date_tells_homonyms_apart_and_without_one_nobody_is_linked() {
    let matcher = two();
    let told = judge(&matcher, &mention("Albert Edelfelt", Some(1854), &[]));
    assert_eq!(linked(&matcher, &told), [GND, WIKIDATA]);
    assert_eq!(told.method, Some(Method::ExactKey));
    let features = told.candidates[0].features;
    assert!(features.to_string().contains("the year of birth or beginning is the same"), "{features}");
    let untold = judge(&matcher, &mention("Albert Edelfelt", None, &[]));
    let of_gnd: Vec<_> = untold.candidates.iter().filter(|judged| judged.authority == 0).collect();
    assert!(of_gnd.iter().filter(|judged| judged.outcome == Outcome::Review).count() == 2, "{of_gnd:?}");
    assert!(of_gnd.iter().all(|judged| judged.probability < 0.6));
}

#[test]
fn what_is_made_before_a_birth_is_not_by_that_person() {
    let matcher = two();
    let mut early = mention("Edelfelt, Carl", None, &[]);
    early.active = Some(Years { from: 1700, to: 1705 });
    assert_eq!(linked(&matcher, &judge(&matcher, &early)), [""; 0]);
    early.active = Some(Years { from: 1840, to: 1845 });
    let verdict = judge(&matcher, &early);
    assert_eq!(linked(&matcher, &verdict), ["http://www.wikidata.org/entity/Q102"]);
}

#[test]
fn other_kinds_and_empty_mentions_get_no_link() {
    let matcher = two();
    let mut other = mention("Edelfelt, Albert", Some(1854), &[]);
    other.kind = Kind::Place;
    assert_ne!(judge(&matcher, &other).outcome, Outcome::Linked);
    for name in ["", "…", "?", "-"] {
        assert_ne!(judge(&matcher, &mention(name, None, &[])).outcome, Outcome::Linked);
    }
    let nothing = Mention::default();
    assert_eq!(judge(&matcher, &nothing).outcome, Outcome::None);
}

#[test]
fn the_same_mention_gets_the_same_verdict() {
    let matcher = two();
    let mut scratch = Scratch::default();
    let first = matcher.judge(&mention("Albert Edelfelt", Some(1854), &[]), &mut scratch);
    let _ = matcher.judge(&mention("Carl Edelfelt", None, &[GND]), &mut scratch);
    assert_eq!(first, matcher.judge(&mention("Albert Edelfelt", Some(1854), &[]), &mut scratch));
}

#[test]
fn the_published_tables_hold_what_the_code_knows() {
    let tables = [include_str!("../weights.tsv"), include_str!("../by-hand.tsv")];
    for line in tables.iter().flat_map(|table| table.lines()).filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, feature, value, weight] = cells.as_slice() else { panic!("{line}") };
        assert!(Kind::ALL.iter().any(|known| known.name() == *kind), "{line}");
        assert!(weight.parse::<f32>().unwrap().is_finite(), "{line}");
        assert!(*feature == "bias" || crate::matching::model::named(feature, value).is_some(), "{line}");
    }
    let model = Model::published();
    assert!(!model.version().is_empty());
    for kind in Kind::ALL {
        let of = model.of(kind);
        for (feature, weights) in Feature::ALL.iter().zip(&of.weights) {
            let known = &weights[1..feature.values().len()];
            assert!(known.windows(2).all(|pair| pair[0] <= pair[1]), "{kind} {}: {known:?}", feature.name());
        }
        assert!(of.steps.windows(2).all(|pair| pair[0].probability <= pair[1].probability), "{kind}");
    }
    // A likelier score never gets a lower probability, and the threshold rises with what is asked for.
    let probabilities: Vec<f32> =
        (-100..100).map(|score| model.probability(Kind::Person, score as f32 / 5.0)).collect();
    assert!(probabilities.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(model.threshold(Kind::Person, 0.98) >= model.threshold(Kind::Person, 0.9));
    assert_eq!(model.threshold(Kind::Person, 1.1), None);
}
