//! Every text that contains a pattern is among the candidates, and a search finds what reading every text would.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::{Builder, Index, TermId};
use oxrdf::{GraphName, Literal, NamedNode, Quad};

/// Numbers that look random and are the same at each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

const SYLLABLES: [&str; 24] = [
    "ka", "Le", "vala", "Straße", "STRASSE", "ΟΔΟΣ", "οδός", "ς", "Київ", "КИ", "їв", "İ", "ı", "ß", "日本",
    "語", " ", "-", "ﬁ", "fi", "a", "Å", "A\u{30a}", "1900",
];

fn texts() -> Vec<String> {
    let mut dice = Dice(4);
    (0..3_000)
        .map(|_| (0..=dice.below(6)).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect())
        .collect()
}

fn index(texts: &[String]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    // So little memory that the runs are sorted on the disk.
    let mut builder = Builder::with_memory(&path, 64 << 10).unwrap();
    let node = NamedNode::new("http://x/p").unwrap();
    for (n, text) in texts.iter().enumerate() {
        let literal = match n % 3 {
            0 => Literal::new_language_tagged_literal(text, "fi").unwrap(),
            _ => Literal::new_simple_literal(text),
        };
        let quad = Quad::new(node.clone(), node.clone(), literal, GraphName::DefaultGraph);
        builder.add(quad.as_ref()).unwrap();
    }
    builder.finish().unwrap();
    let index = Index::open(&path).unwrap();
    (folder, index)
}

#[test]
fn nothing_that_contains_a_pattern_is_missed() {
    let texts = texts();
    let (_folder, index) = index(&texts);
    let (words, terms) = (index.words(), index.terms());
    let mut dice = Dice(7);
    let (mut told, mut narrow) = (0, 0);
    for _ in 0..600 {
        let text: Vec<char> = texts[dice.below(texts.len())].chars().collect();
        let start = dice.below(text.len());
        let pattern: String = text[start..].iter().take(1 + dice.below(6)).collect();
        let Some(ranges) = words.candidates(&[fold(&pattern)], usize::MAX) else {
            assert!(fold(&pattern).len() < 2, "{pattern}");
            continue;
        };
        told += 1;
        let among: usize = ranges.iter().map(ExactSizeIterator::len).sum();
        narrow += usize::from(among < words.texts().len() / 4);
        assert!(ranges.windows(2).all(|two| two[0].end < two[1].start), "{pattern}");
        for id in words.texts() {
            let contains = terms.with_text(TermId(id), |text, _, _| {
                text.contains(&pattern)
                    || text.to_lowercase().contains(&pattern.to_lowercase())
                    || text.to_uppercase().contains(&pattern.to_uppercase())
            });
            assert!(!contains || ranges.iter().any(|range| range.contains(&id)), "{pattern} in {id}");
        }
    }
    assert!(told > 300 && narrow > 100, "{told} told, {narrow} of them something");
    assert_eq!(words.candidates(&[fold("nowhere")], usize::MAX), Some(Vec::new()));
    assert_eq!(words.candidates(&[fold("ka")], 16), None);
    assert_eq!(words.candidates(&[fold("1900"), fold("x")], usize::MAX), None);
}

#[test]
fn a_search_finds_what_reading_every_text_would() {
    let texts = texts();
    let (_folder, index) = index(&texts);
    let (words, terms) = (index.words(), index.terms());
    let all = Words { texts: words.texts(), grams: words.grams.clone() };
    let mut met = 0;
    for query in [
        "kale",
        "1900",
        "ka* 1900",
        "київ",
        "strasse",
        "straße~",
        "οδος",
        "vala* ka*",
        "kavala~ 1900",
        "日本*",
        "a",
        "nothing",
    ] {
        let search = Search::parse(query);
        let found = words.find(terms, &search, 10_000, || Ok::<_, ()>(())).unwrap();
        let mut expected = all.find_in(terms, &search, all.texts());
        expected.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        assert_eq!(found, expected, "{query}");
        met += usize::from(!found.is_empty());
        let few = words.find(terms, &search, 3, || Ok::<_, ()>(())).unwrap();
        assert_eq!(few, found[..found.len().min(3)], "{query}");
    }
    assert!(met >= 6, "{met} of the searches find something");
    let stopped = words.find(terms, &Search::parse("kale"), 10, || Err("stop"));
    assert_eq!(stopped, Err("stop"));
}
