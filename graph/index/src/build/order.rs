//! Sorting many keys that begin alike.
//!
//! IRIs of one house share dozens of bytes, which a comparison of whole keys reads again and again. Here keys are sorted
//! by eight bytes at a time, held beside their numbers; only those that agree go on to the next eight.

use super::batch::Keys;

/// Groups below this are compared whole.
const FEW: usize = 24;

/// The numbers of the keys, in the order of the keys, which differ from one another.
pub(crate) fn sorted(keys: &Keys) -> Vec<u32> {
    let mut items: Vec<(u64, u8, u32)> = (0..keys.len()).map(|id| (0, 9, id)).collect();
    // Groups that agree up to some depth: where they begin and end, and the depth.
    let mut waiting = vec![(0, items.len(), 0)];
    while let Some((from, to, depth)) = waiting.pop() {
        let group = &mut items[from..to];
        if group.len() < FEW {
            group.sort_unstable_by(|a, b| keys.get(a.2)[depth..].cmp(&keys.get(b.2)[depth..]));
            continue;
        }
        for item in &mut *group {
            let (head, length) = head(&keys.get(item.2)[depth..]);
            (item.0, item.1) = (head, length);
        }
        group.sort_unstable();
        let mut start = 0;
        for group in group.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1) {
            // A head that is not longer than eight bytes is a whole rest, so there is one such key.
            if group.len() > 1 {
                waiting.push((from + start, from + start + group.len(), depth + 8));
            }
            start += group.len();
        }
    }
    items.into_iter().map(|item| item.2).collect()
}

/// The first eight bytes as a number that sorts, and how many there are, nine for more than eight.
fn head(rest: &[u8]) -> (u64, u8) {
    match rest.first_chunk::<8>() {
        Some(head) => (u64::from_be_bytes(*head), if rest.len() > 8 { 9 } else { 8 }),
        None => {
            let mut head = [0; 8];
            head[..rest.len()].copy_from_slice(rest);
            (u64::from_be_bytes(head), rest.len() as u8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_come_out_sorted(mut texts in prop::collection::hash_set("[a\0]{0,20}", 0..300)) {
            texts.extend((0..200).map(|n| format!("http://example.org/id/library/{n}")));
            let mut keys = Keys::default();
            let mut expected: Vec<&str> = texts.iter().map(String::as_str).collect();
            expected.iter().for_each(|text| keys.push(text.as_bytes()));
            let order = sorted(&keys);
            let met: Vec<&[u8]> = order.iter().map(|id| keys.get(*id)).collect();
            expected.sort_unstable();
            prop_assert!(met.iter().copied().eq(expected.iter().map(|text| text.as_bytes())));
        }
    }
}
