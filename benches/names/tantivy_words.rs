//! The plain way with tantivy: each word of the name may be one letter away, and the best documents are the answer.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, Query};
use tantivy::schema::{STORED, Schema, TEXT, Value as _};
use tantivy::{Index, TantivyDocument, Term};

/// The share of those found first and among ten, and how many a second of one core.
pub(crate) fn ask(names: &[String], questions: &[(usize, String)], cpu: fn() -> f64) -> (f64, f64, f64) {
    let mut schema = Schema::builder();
    let (name, number) = (schema.add_text_field("name", TEXT), schema.add_u64_field("number", STORED));
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 50_000_000).expect("a writer");
    for (place, text) in names.iter().enumerate() {
        let mut document = TantivyDocument::new();
        document.add_text(name, text);
        document.add_u64(number, place as u64);
        writer.add_document(document).expect("a document");
    }
    writer.commit().expect("a commit");
    let searcher = index.reader().expect("a reader").searcher();
    let (mut first, mut ten) = (0, 0);
    let begun = cpu();
    for (wanted, text) in questions {
        let words = text.to_lowercase();
        let words = words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let parts: Vec<(Occur, Box<dyn Query>)> = words
            .map(|word| {
                let query = FuzzyTermQuery::new(Term::from_field_text(name, word), 1, true);
                (Occur::Should, Box::new(query) as Box<dyn Query>)
            })
            .collect();
        let best = TopDocs::with_limit(10).order_by_score();
        let found = searcher.search(&BooleanQuery::new(parts), &best).expect("an answer");
        let place = found.iter().position(|(_, address)| {
            let document: TantivyDocument = searcher.doc(*address).expect("a document");
            document.get_first(number).and_then(|value| value.as_u64()) == Some(*wanted as u64)
        });
        first += usize::from(place == Some(0));
        ten += usize::from(place.is_some());
    }
    let all = questions.len() as f64;
    (first as f64 / all, ten as f64 / all, all / (cpu() - begun))
}
