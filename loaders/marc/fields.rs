//! The fields of a record by their paths: `245$a`, `001`, `LDR`, and the indicators as `650/@ind2`.

use super::record::MarcRecord;
use graph_model::{Field, Visit};

/// Visits leader, control fields, indicators and subfields.
pub(super) fn visit(record: &MarcRecord, visit: &mut Visit<'_>) {
    let mut whole = |path: &str, text: &str, occurrences: &[u32]| {
        let text = text.trim();
        if !text.is_empty() {
            visit(&Field { path, text, language: None, occurrences, inline: false });
        }
    };
    let mut leader = String::with_capacity(24);
    leader.extend((0..24).map(|at| record.leader(at)));
    whole("LDR", &leader, &[1]);
    let mut counts: Vec<(&str, u32)> = Vec::with_capacity(32);
    let mut codes: Vec<(char, u32)> = Vec::new();
    let mut path = String::with_capacity(16);
    for field in record.fields() {
        let tag = field.tag();
        let occurrence = count(&mut counts, tag);
        if !field.value().is_empty() {
            whole(tag, field.value(), &[occurrence]);
            continue;
        }
        for (which, name) in [(1, "/@ind1"), (2, "/@ind2")] {
            let indicator = field.indicator(which);
            if indicator != ' ' {
                path.clear();
                path.push_str(tag);
                path.push_str(name);
                whole(&path, indicator.encode_utf8(&mut [0; 4]), &[occurrence, 1]);
            }
        }
        codes.clear();
        for (code, text) in field.subfields() {
            let repeated = count(&mut codes, code);
            path.clear();
            path.push_str(tag);
            path.push('$');
            path.push(code);
            whole(&path, text, &[occurrence, repeated]);
        }
    }
}

/// Counts one more of the name and gives how many there are.
fn count<N: PartialEq>(counts: &mut Vec<(N, u32)>, name: N) -> u32 {
    match counts.iter_mut().find(|(met, _)| *met == name) {
        Some((_, count)) => {
            *count += 1;
            *count
        }
        None => {
            counts.push((name, 1));
            1
        }
    }
}
