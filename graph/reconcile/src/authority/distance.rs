//! How many letters two words differ by: insertions, deletions, substitutions and swaps of neighbours (optimal string
//! alignment), by Hyyrö's bit-parallel algorithm (2003) for words of ASCII.

/// A word that many others are compared with.
#[derive(Debug)]
pub(super) struct Pattern {
    /// For each letter, the places where it stands.
    places: [u64; 128],
    word: Vec<u8>,
}

impl Default for Pattern {
    fn default() -> Self {
        Self { places: [0; 128], word: Vec::new() }
    }
}

impl Pattern {
    /// Takes another word.
    pub(super) fn set(&mut self, word: &str) {
        for byte in self.word.drain(..) {
            self.places[usize::from(byte & 127)] = 0;
        }
        self.word.extend_from_slice(word.as_bytes());
        if self.is_quick() {
            for (place, byte) in self.word.iter().enumerate() {
                self.places[usize::from(*byte & 127)] |= 1 << place;
            }
        }
    }

    fn is_quick(&self) -> bool {
        (1..=64).contains(&self.word.len()) && self.word.is_ascii()
    }

    /// How many letters the other word, in UTF-8, differs by.
    pub(super) fn distance(&self, other: &[u8]) -> usize {
        if !self.is_quick() || !other.is_ascii() {
            let text = |word| std::str::from_utf8(word).unwrap_or_default();
            return slow(text(&self.word), text(other));
        }
        let last = 1_u64 << (self.word.len() - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.word.len();
        for &byte in other {
            let here = self.places[usize::from(byte & 127)];
            let swapped = ((!diagonal & here) << 1) & before;
            diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
            let right = down | !(diagonal | up);
            let left = diagonal & up;
            distance += usize::from(right & last != 0);
            distance -= usize::from(left & last != 0);
            let (right, left) = (right << 1 | 1, left << 1);
            up = left | !(diagonal | right);
            down = right & diagonal;
            before = here;
        }
        distance
    }
}

fn slow(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Nobody's name is longer; what is, differs.
    if one.len() > 256 || other.len() > 256 {
        return one.len().max(other.len());
    }
    let width = other.len() + 1;
    let mut rows = [vec![0; width], (0..width).collect(), vec![0; width]];
    for (i, a) in one.iter().enumerate() {
        let [two_before, before, now] = &mut rows;
        now[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let mut least = (before[j] + usize::from(a != b)).min(before[j + 1] + 1).min(now[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(two_before[j - 1] + 1);
            }
            now[j + 1] = least;
        }
        rows.rotate_left(1);
    }
    rows[1][width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_counts_as_the_slow_one() {
        let words =
            ["a", "anna", "hanna", "anan", "sibelius", "sibeilus", "sibelus", "zibeliuss", "kallela", "x"];
        let mut pattern = Pattern::default();
        for one in words {
            pattern.set(one);
            for other in words {
                assert_eq!(pattern.distance(other.as_bytes()), slow(one, other), "{one} {other}");
            }
        }
        pattern.set("sibelius");
        assert_eq!(pattern.distance(b"sibeilus"), 1);
        assert_eq!(pattern.distance(b""), 8);
        pattern.set("");
        assert_eq!(pattern.distance(b"abc"), 3);
        pattern.set("東京");
        assert_eq!(pattern.distance("東京都".as_bytes()), 1);
    }
}
