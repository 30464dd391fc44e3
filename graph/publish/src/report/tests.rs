//! A report over real conversions of small inputs: what stands in the folder, and the tiers of items whose tiers can be
//! worked out by hand from the Publishing Framework.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::convert::{Conversion, Fate, Unwatched};
use crate::rules::RuleFile;
use graph_model::{Base, DatasetId};
use loaders::rules::TableFiles;
use std::io::Cursor;

const MAPPING: &str = r#"
id = "id"
sector = "museum"
[[column]]
name = "title"
to = "title"
language = "fi"
"#;

fn convert(path: &Path, rows: &str) -> Summary {
    let (base, dataset) = (Base::new("https://data.example.org").unwrap(), DatasetId::new("things").unwrap());
    let mut report = Report::written("things", path).unwrap();
    let rules = RuleFile::parse(Path::new("things.toml"), MAPPING.to_owned(), &TableFiles::new()).unwrap();
    let conversion = Conversion {
        base: &base,
        dataset: &dataset,
        owner: Some("A museum"),
        format: loaders::format_by_id("csv"),
        rules: Some(&rules),
        watch: &Unwatched,
        lines: None,
    };
    let bytes = Box::new(Cursor::new(rows.as_bytes().to_vec()));
    conversion.stream(bytes, "things.csv", &mut report, &mut |_| Ok(Fate::Taken)).unwrap();
    report.finish().unwrap()
}

#[test]
fn a_report_tells_people_machines_and_spreadsheets() {
    let folder = tempfile::tempdir().unwrap();
    let first = convert(folder.path(), "id,title,shelf\n1,Kaappi,A\n2,,B\n");
    assert_eq!((first.items, first.total.documents), (2, 2));
    assert!(first.comparison.is_none());
    let title = first.completeness.iter().find(|row| row.property == "dc:title").unwrap();
    assert_eq!((title.items, title.values), (1, 1));
    let owner = first.completeness.iter().find(|row| row.property == "edm:dataProvider").unwrap();
    assert_eq!(owner.items, 2);
    assert_eq!(first.issues_by_kind.get("title.missing"), Some(&1));
    let issue = first.issues.iter().find(|row| row.kind == "title.missing").unwrap();
    assert_eq!(issue.examples[0].iri, "https://data.example.org/id/things/2");

    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let stored: Summary = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(stored, first, "what machines read is what was counted");
    assert!(read("completeness.csv").contains("dc:title,Title,1,2,1\n"));
    let shelf = first.fields.iter().find(|row| row.field == "shelf").unwrap();
    assert_eq!((shelf.records, shelf.met, shelf.unused, shelf.example.as_str()), (2, 2, 2, "A"));
    assert!(read("fields.csv").contains("shelf,2,2,2,A\n"));
    let page = read("report.html");
    assert!(page.contains("https://data.example.org/id/things/2") && page.contains("title.missing"));
    assert!(!page.contains("<script") && !page.contains("src="), "the page needs nothing else");

    let second = convert(folder.path(), "id,title,shelf\n1,Kaappi,A\n2,Tuoli,B\n3,Penkki,C\n");
    let comparison = second.comparison.unwrap();
    let change = |rows: &[Change], what: &str| {
        rows.iter().find(|row| row.what == what).map(|row| (row.before, row.now))
    };
    assert_eq!(change(&comparison.counts, "documents"), Some((2, 3)));
    assert_eq!(change(&comparison.issues, "title.missing"), Some((1, 0)));
    assert_eq!(change(&comparison.completeness, "dc:title"), Some((1, 3)));
    assert!(read("report.html").contains("Compared with the run before"));
}

#[test]
fn a_page_shows_what_was_met_as_text() {
    let folder = tempfile::tempdir().unwrap();
    convert(folder.path(), "id,title\n<script>alert(1)</script>,\n");
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("alert(1)"));
}

/// The tiers of one row.
fn tiers(head: &str, row: &str) -> (Content, Option<Obstacle>, Metadata) {
    let mapping = r#"
id = "id"
sector = "museum"
language = "fi"
[[column]]
name = "type"
to = "edm:type"
[[column]]
name = "title"
to = "title"
[[column]]
name = "page"
to = "shown-at"
[[column]]
name = "file"
to = "shown-by"
[[column]]
name = "small"
to = "preview"
[[column]]
name = "rights"
to = "rights"
[[column]]
name = "when"
to = "created"
[[column]]
name = "kind"
to = "type"
[[column]]
name = "where"
to = "dcterms:spatial"
[[column]]
name = "who"
to = "dc:creator"
"#;
    let (base, dataset) = (Base::new("https://data.example.org").unwrap(), DatasetId::new("things").unwrap());
    let format =
        (loaders::format_by_id("csv").unwrap().setup)(loaders::Setup { mapping: Some(mapping) }).unwrap();
    let target = loaders::Target::new(&base, &dataset);
    let bytes = format!("{head}\n{row}\n");
    let mut met = None;
    let _ = format.inspect(Box::new(Cursor::new(bytes.into_bytes())), target, &mut |document, _| {
        met = Tiers::of(document);
        std::ops::ControlFlow::Continue(())
    });
    let tiers = met.unwrap();
    (tiers.content, tiers.obstacle, tiers.metadata())
}

#[test]
fn content_tiers_are_those_of_the_publishing_framework() {
    let check = |row: &str, tier: Content, obstacle: Option<Obstacle>| {
        let (met, why, _) = tiers("id,type,title,page,file,small,rights", row);
        assert_eq!((met, why), (tier, obstacle), "{row}");
    };
    let open = "http://creativecommons.org/publicdomain/zero/1.0/";
    let some = "http://creativecommons.org/licenses/by-nc/4.0/";
    let closed = "http://rightsstatements.org/vocab/InC/1.0/";
    check("1,,Kirje,,,,", Content::T0, Some(Obstacle::NoType));
    check("1,TEXT,Kirje,,,,", Content::T0, Some(Obstacle::NoMedia));
    check("1,TEXT,Kirje,https://m.example/1,,,", Content::T1, Some(Obstacle::NoMedia));
    check(&format!("1,TEXT,Kirje,,https://m.example/1.pdf,,{open}"), Content::T4, None);
    check(&format!("1,TEXT,Kirje,,https://m.example/1.pdf,,{some}"), Content::T3, Some(Obstacle::Rights));
    check(&format!("1,TEXT,Kirje,,https://m.example/1.pdf,,{closed}"), Content::T2, Some(Obstacle::Rights));
    check("1,TEXT,Kirje,,https://m.example/1.pdf,,", Content::T2, Some(Obstacle::Rights));
    check(&format!("1,SOUND,Laulu,,https://m.example/1.mp3?x=1,,{open}"), Content::T4, None);
    check(
        &format!("1,SOUND,Laulu,,https://m.example/1.jpg,,{open}"),
        Content::T0,
        Some(Obstacle::OtherMedia),
    );
    check(
        &format!("1,VIDEO,Elokuva,,https://m.example/1.mp4,,{open}"),
        Content::T0,
        Some(Obstacle::NoPreview),
    );
    check("1,IMAGE,Kuva,https://m.example/1,,,", Content::T0, Some(Obstacle::NoPreview));
    // Nobody told the pixels, and nothing is fetched.
    check(
        &format!("1,IMAGE,Kuva,,https://m.example/1.jpg,,{open}"),
        Content::T0,
        Some(Obstacle::SizeUnknown),
    );
    check(&format!("1,3D,Malli,,https://m.example/1.glb,,{open}"), Content::T4, None);
    check("1,3D,Malli,,https://m.example/1.glb,,", Content::T0, Some(Obstacle::Rights));
}

#[test]
fn metadata_tiers_are_the_smallest_of_three() {
    let check = |head: &str, row: &str, tier: Metadata| {
        let (_, _, met) = tiers(head, row);
        assert_eq!(met, tier, "{row}");
    };
    // No element to find it by.
    check("id,title", "1,Tuoli", Metadata::T0);
    // One element, and a time that is whole is one described class.
    check("id,title,when", "1,Tuoli,1890", Metadata::A);
    // Three elements of two kinds, one described class.
    check("id,title,when,who,kind", "1,Tuoli,1890,Anna Virtanen,tuoli", Metadata::B);
    // Elements enough, but nothing that is described.
    check("id,title,who,kind,where", "1,Tuoli,Anna Virtanen,tuoli,Turku", Metadata::A);
}

/// What Europeana's own indexing found for records of its test data, beside what is found here. The content tiers are the
/// same. Its metadata tiers are two: of what the provider sent, and of that with Europeana's enrichment. Ours is the second:
/// dates in words become time spans with a beginning and an end here as they do there, which counts as a contextual class.
#[test]
fn tiers_are_those_that_europeana_annotated() {
    let Some(data) = std::env::var_os("AARRE_REAL_DATA").filter(|path| !path.is_empty()) else { return };
    let folder = Path::new(&data).join("edm/metis");
    let (base, dataset) = (Base::new("https://data.example.org").unwrap(), DatasetId::new("metis").unwrap());
    for (file, content, provider, europeana) in [
        ("europeana_record_rdf_with_tier_calculated.xml", Content::T1, Metadata::A, Metadata::B),
        ("europeana_record_to_sample_index_string.xml", Content::T4, Metadata::B, Metadata::B),
    ] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        // The table above is what the file says.
        for tier in [content_name(content), metadata_name(provider), metadata_name(europeana)] {
            assert!(text.contains(&format!("http://www.europeana.eu/schemas/epf/{tier}\"")), "{file} {tier}");
        }
        let format = (loaders::format_by_id("edm").unwrap().setup)(loaders::Setup::default()).unwrap();
        let mut met = None;
        let input = Box::new(Cursor::new(text.into_bytes()));
        let _ = format.inspect(input, loaders::Target::new(&base, &dataset), &mut |document, _| {
            met = Tiers::of(document).or(met);
            std::ops::ControlFlow::Continue(())
        });
        let met = met.unwrap();
        assert_eq!((met.content, met.metadata()), (content, europeana), "{file}: {met:?}");
    }
}

fn content_name(tier: Content) -> String {
    format!("contentTier{}", tier as u8)
}

fn metadata_name(tier: Metadata) -> String {
    format!("metadataTier{tier:?}")
}
