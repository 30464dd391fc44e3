#![expect(clippy::unwrap_used, clippy::result_large_err, reason = "tests")]

use super::*;
use graph_model::Broken;
use proptest::prelude::*;
use std::io::BufReader;

fn events(xml: &[u8]) -> Result<String, XmlError> {
    // A tiny buffer makes every event straddle chunks.
    let mut reader = Reader::new(Box::new(BufReader::with_capacity(3, xml)));
    let mut seen = String::new();
    loop {
        match reader.next()? {
            Event::Start(start) => {
                seen += &format!("<{}{{{}}}", start.name(), start.namespace());
                start.attributes().for_each(|(name, value)| seen += &format!(" {name}={value}"));
                seen += ">";
            }
            Event::Text(text) => seen += text,
            Event::End(name) => seen += &format!("</{name}>"),
            Event::Eof => return Ok(seen),
        }
    }
}

fn cut(xml: &[u8]) -> Vec<Result<String, Broken>> {
    let is_record = |start: &Start<'_>| start.name() == "r";
    let records = records(Box::new(BufReader::with_capacity(5, xml)), is_record);
    records.map(|record| record.map(|e| format!("{}:{}", e.position().record, e.root().text()))).collect()
}

fn fault(xml: &str) -> XmlError {
    events(xml.as_bytes()).unwrap_err()
}

#[test]
fn events_have_namespaces_and_references() {
    let xml = r#"<?xml version="1.0"?><!DOCTYPE a PUBLIC "x" "y.dtd"><!-- c --><a xmlns="urn:a" xmlns:b="urn:b"
        b:k="1&lt;2" k='&#x41;&#66;' xml:lang="fi"><b:c/>x&amp;y<![CDATA[<z>]]>&#228;<d xmlns="">ö</d></a>"#;
    let expected = "<a{urn:a} b:k=1<2 k=AB xml:lang=fi><c{urn:b}></c>x&y<z>ä<d{}>ö</d></a>";
    assert_eq!(events(xml.as_bytes()).unwrap(), expected);
}

#[test]
fn attribute_names_do_not_depend_on_prefixes() {
    let xml = r#"<l:a xmlns:l="urn:l" xmlns:m="urn:l" xmlns:x="http://www.w3.org/1999/xlink" l:p="1" m:q="2" x:href="3"/>"#;
    assert_eq!(events(xml.as_bytes()).unwrap(), "<a{urn:l} p=1 q=2 xlink:href=3></a>");
    let rdf = vocabularies::rdf::NAMESPACE;
    let xml = format!(r#"<r:D xmlns:r="{rdf}" r:about="1"><d r:ID="2"/></r:D>"#);
    assert_eq!(events(xml.as_bytes()).unwrap(), format!("<D{{{rdf}}} rdf:about=1><d{{}} rdf:ID=2></d></D>"));
}

#[test]
fn encodings() {
    let text = "<?xml version='1.0' encoding='E'?><a k='å'>ÄÖ €</a>";
    let expected = "<a{} k=å>ÄÖ €</a>";
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(unit).collect()
    };
    assert_eq!(events(&utf16(u16::to_le_bytes)).unwrap(), expected);
    assert_eq!(events(&utf16(u16::to_be_bytes)).unwrap(), expected);
    assert_eq!(events(format!("\u{FEFF}{text}").as_bytes()).unwrap(), expected);
    for label in ["windows-1252", "ISO-8859-15"] {
        let text = text.replace("'E'", &format!("'{label}'"));
        let (bytes, _, bad) = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&text);
        assert!(!bad);
        assert_eq!(events(&bytes).unwrap(), expected, "{label}");
    }
}

#[test]
fn places_count_the_bytes_of_the_input() {
    for (encoding, width) in [(encoding_rs::UTF_8, 2), (encoding_rs::WINDOWS_1252, 1)] {
        let text = format!("<?xml version='1.0' encoding='{}'?>\n<a>\näö<b/></a>", encoding.name());
        let (bytes, ..) = encoding.encode(&text);
        let mut reader = Reader::new(Box::new(&*bytes));
        while !matches!(reader.next().unwrap(), Event::Start(start) if start.name() == "b") {}
        let before = text.find('ä').unwrap() as u64;
        assert_eq!((reader.byte(), reader.line()), (before + 2 * width, 3));
    }
}

#[test]
fn dirt_is_noted() {
    let xml = b"<r>a\xFFb&nbsp;AT&T, AT& T; x</r>";
    let element = records(Box::new(&xml[..]), |_| true).next().unwrap().unwrap();
    assert_eq!(element.root().text(), "a\u{FFFD}b\u{FFFD}AT&T, AT& T; x");
    let notes = [Note::BadBytes, Note::UnknownEntity("nbsp".to_owned()), Note::LoneAmpersand];
    assert_eq!(element.notes(), notes);
}

#[test]
fn elements() {
    let xml = "<r xml:lang='sv'><a> x <b>y\n</b>z</a><c><d>1</d><d xml:lang='fi'>2</d></c><c><d>3</d></c><e> </e></r>";
    let element = records(Box::new(xml.as_bytes()), |start| start.name() == "r").next().unwrap().unwrap();
    let root = element.root();
    assert_eq!(root.child("a").unwrap().text(), "x y z");
    assert_eq!(root.child("a").unwrap().raw_text(), " x y\nz");
    assert_eq!(root.path("c/d").map(|d| d.text().into_owned()).collect::<String>(), "123");
    assert_eq!(root.path("c/d").map(|d| d.language().unwrap()).collect::<String>(), "svfisv");
    assert!(root.child("e").unwrap().is_empty() && !root.is_empty());
    assert_eq!(root.descendants().map(ElementRef::name).collect::<String>(), "abcddcde");
    assert_eq!(root.child("a").unwrap().content().count(), 3);
    assert_eq!(root.child("c").unwrap().parent(), Some(root));
}

#[test]
fn limits_hold() {
    let deep = "<a>".repeat(limits::DEPTH + 1);
    assert_eq!(fault(&deep).kind, FaultKind::Limit);
    let wide: String = (0..=limits::ATTRIBUTES).map(|i| format!(" a{i}=''")).collect();
    assert_eq!(fault(&format!("<a{wide}/>")).kind, FaultKind::Limit);
    let long = format!("<a>{}</a>", "x".repeat(limits::TEXT as usize + 1));
    assert_eq!(fault(&long).kind, FaultKind::Limit);
    let pieces = format!("<a>{}</a>", "0123456789abcdef&amp;".repeat(1 << 20));
    assert_eq!(fault(&pieces).kind, FaultKind::Limit);
    let parts = format!("<c><r>{}</r><r>2</r></c>", "<a/>".repeat(limits::NODES));
    let parts = cut(parts.as_bytes());
    assert!(parts[0].is_err());
    assert_eq!(parts[1].as_deref(), Ok("2:2"));
}

#[test]
fn a_doctype_with_entities_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>";
    assert_eq!(fault(bomb).kind, FaultKind::Refused);
    assert!(events(b"<!DOCTYPE a SYSTEM 'x' [ ]><a/>").is_ok());
    let cut = cut(bomb.as_bytes());
    assert_eq!(cut.len(), 1);
    assert!(cut[0].is_err());
}

#[test]
fn faults_name_their_place() {
    let fault = fault("<a>\n  <b></c></a>");
    assert_eq!((fault.byte, fault.line), (9, 2));
    assert_eq!(fault.to_string(), "byte 9, line 2: </c>; expected </b>");
}

#[test]
fn a_broken_record_does_not_take_the_next_ones_with_it() {
    for bad in
        ["<r>x</q></r>", "<r>x", "<r a=>x</r>", "<r>< </r>", "<r a='1' a='2'/>", "<r><b></r>", "<r><!x></r>"]
    {
        let xml = format!("<c>\n<r>1</r>\n{bad}\n<r k='v'>3</r><r/>\n</c>");
        let cut = cut(xml.as_bytes());
        assert_eq!(cut.len(), 4, "{bad}: {cut:?}");
        assert_eq!(cut[0].as_deref(), Ok("1:1"), "{bad}");
        let broken = cut[1].as_ref().unwrap_err();
        assert_eq!((broken.position.byte, broken.position.line), (13, Some(3)), "{bad}");
        assert!(String::from_utf8_lossy(&broken.raw).starts_with(bad), "{bad}: {broken:?}");
        assert!(cut[2].as_ref().unwrap().ends_with(":3"), "{bad}");
    }
}

#[test]
fn an_end_too_early_is_one_broken_record() {
    let xml = "<c><r>1</r><r><a>2</a></r></c>";
    for end in 1..xml.len() {
        let cut = cut(&xml.as_bytes()[..end]);
        assert_eq!(cut.iter().filter(|r| r.is_err()).count(), 1, "{}: {cut:?}", &xml[..end]);
    }
    assert_eq!(cut(b"").len(), 1);
    assert_eq!(cut(b"no xml at all").len(), 1);
    assert_eq!(cut(xml.as_bytes()).len(), 2);
    assert_eq!(cut(xml.repeat(2).as_bytes()).len(), 4);
}

#[test]
fn reading_again_is_bounded() {
    let xml = format!("<c>{}", "<r><!-- ".repeat(60_000));
    let begun = cut(xml.as_bytes());
    assert!(begun.iter().all(Result::is_err));
    let xml = format!("<c>{}</c>", "<r></x>".repeat(20_000));
    assert_eq!(cut(xml.as_bytes()).len(), 20_000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = events(&bytes);
        prop_assert!(cut(&bytes).len() <= bytes.len() + 1);
    }

    #[test]
    fn mutated_xml_ends(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<r>", "</r>", "<r ", "<r a='", "'", "\"", ">", "/>", "<", "&", "&amp;", ";", "&#0;", "&#x110000;", "&x;", "<!--", "-->",
            "<![CDATA[", "]]>", "<!DOCTYPE r>", "<!DOCTYPE", "[", "]", "<?xml version='1.0' encoding='latin1'?>", "<?", "?>", "<a>",
            "</a>", "<a:b>", "</a:b>", " xmlns:a='u'", " xmlns='v'", "\u{FEFF}", "ä", "\n", "text", "\0",
        ]), 0..60),
        flip in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = pieces.concat().into_bytes();
        prop_assert!(cut(&bytes).len() <= bytes.len() + 1);
        if !bytes.is_empty() {
            let at = flip.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = events(&bytes);
        prop_assert!(cut(&bytes).len() <= bytes.len() + 1);
    }

    #[test]
    fn well_formed_records_are_all_there(texts in prop::collection::vec("[a-zäö ]{0,20}", 0..20)) {
        let records: String = texts.iter().map(|text| format!("<r><t>{text}</t></r>\n")).collect();
        let xml = format!("<c>{records}</c>");
        let cut = cut(xml.as_bytes());
        prop_assert_eq!(cut.len(), texts.len());
        for (index, (cut, text)) in cut.into_iter().zip(&texts).enumerate() {
            prop_assert_eq!(cut.unwrap(), format!("{}:{}", index + 1, text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
}

#[test]
fn headers_of_envelopes_go_with_the_records() {
    let xml = r#"<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>
        <record><header><identifier>1</identifier></header><metadata><r xmlns="">a</r></metadata></record>
        <record><header status="deleted"><identifier>2</identifier></header></record>
        <record><header><identifier>3</identifier></header><metadata><r xmlns="">b</r><r xmlns="">c</r></metadata></record>
        <record><header status="deleted"/></record></ListRecords></OAI-PMH>"#;
    let met: Vec<String> = delivered(Box::new(xml.as_bytes()), |start| start.name() == "r")
        .map(|record| {
            let record = record.unwrap();
            let delivery = record.delivery();
            let id = delivery.as_ref().map_or("-", |delivery| &*delivery.identifier).to_owned();
            let gone = delivery.is_some_and(|delivery| delivery.deleted);
            format!(
                "{} {id} {}",
                record.position().record,
                if gone { "gone".into() } else { record.root().text() }
            )
        })
        .collect();
    assert_eq!(met, ["1 1 a", "2 2 gone", "3 3 b", "4 - c"]);
}

#[test]
fn bytes_that_are_not_of_the_encoding_never_turn_positions_back() {
    // Each becomes U+FFFD, which is three bytes for one; a record that begins in what is read a second time must not
    // end before its beginning. Found by fuzzing.
    let mut bytes = b"<c><r>".to_vec();
    bytes.extend(std::iter::repeat_n(0xC6, 400));
    bytes.extend_from_slice(b"<r>2</r><r>3</r></c>");
    let met: Vec<_> = records(Box::new(&*bytes), |start| start.name() == "r").collect();
    let texts: Vec<String> = met.iter().flatten().map(|record| record.root().text().into_owned()).collect();
    assert_eq!(texts, ["2", "3"]);
    assert_eq!(met.len(), 3, "the first is broken");
}
