//! How many letters two words differ by.

/// Words longer than this are compared by their beginning only.
const LONGEST: usize = 40;

/// Whether two folded words may be one, written in two ways: with one letter other, more, less or changed with its
/// neighbour in words of four letters and more, with two in words of nine and more. Short words are too like each other.
pub(super) fn near(one: &str, other: &str) -> bool {
    let (lengths, most) = ((one.len(), other.len()), one.len().max(other.len()));
    let allowed = match most {
        0..=3 => return false,
        4..=8 => 1,
        _ => 2,
    };
    lengths.0.abs_diff(lengths.1) <= allowed * 4
        && may_be_near(one, other, allowed)
        && distance(one, other, allowed) <= allowed
}

/// Whether the letters of two words, whatever their order, let them be so near: one letter changed takes one out of the set
/// and puts another one in. Nearly all pairs of words end here.
fn may_be_near(one: &str, other: &str, allowed: usize) -> bool {
    let letters =
        |word: &str| word.chars().take(LONGEST).fold(0_u64, |met, letter| met | 1 << (letter as u32 & 63));
    (letters(one) ^ letters(other)).count_ones() as usize <= 2 * allowed
}

/// How many letters must be put in, taken out, changed, or changed with the next one, to make one word of the other;
/// any number above `most` where it is more than that.
pub(super) fn distance(one: &str, other: &str, most: usize) -> usize {
    let (mut a, mut b) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let fill = |letters: &mut [char; LONGEST], text: &str| {
        letters.iter_mut().zip(text.chars()).map(|(place, letter)| *place = letter).count()
    };
    let (a_length, b_length) = (fill(&mut a, one), fill(&mut b, other));
    if a_length.abs_diff(b_length) > most {
        return most + 1;
    }
    let mut rows = [[0_usize; LONGEST + 1]; 3];
    for (column, cell) in rows[1].iter_mut().enumerate() {
        *cell = column;
    }
    for row in 1..=a_length {
        let (before, last, now) = ((row + 2) % 3, row % 3, (row + 1) % 3);
        rows[now][0] = row;
        let mut least = row;
        for column in 1..=b_length {
            let differs = usize::from(a[row - 1] != b[column - 1]);
            let mut cell =
                (rows[last][column] + 1).min(rows[now][column - 1] + 1).min(rows[last][column - 1] + differs);
            let turned = row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
            if turned {
                cell = cell.min(rows[before][column - 2] + 1);
            }
            rows[now][column] = cell;
            least = least.min(cell);
        }
        if least > most {
            return most + 1;
        }
    }
    rows[(a_length + 1) % 3][b_length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("rembrandt", "rembrandt", 0),
            ("rembrandt", "rembrant", 1),
            ("ottoker", "ottokar", 1),
            ("brigde", "bridge", 1),
            ("stewart", "stuart", 2),
            ("abc", "xyz", 3),
            ("a", "abcd", 3),
            ("כהן", "כהו", 1),
        ] {
            assert_eq!(distance(one, other, 9), expected, "{one} {other}");
            assert_eq!(distance(other, one, 9), expected, "{other} {one}");
        }
        assert!(distance("rembrandt", "velazquez", 2) > 2);
        let long = "a".repeat(100);
        assert_eq!(distance(&long, &long, 2), 0);
    }

    #[test]
    fn short_words_are_never_near() {
        assert!(
            near("lindneux", "lindneus")
                && near("ottoker", "ottokar")
                && near("schewtschenko", "schewtchenco")
        );
        assert!(
            !near("lee", "les") && !near("stewart", "stuart") && !near("berg", "berger") && !near("", "")
        );
    }
}
