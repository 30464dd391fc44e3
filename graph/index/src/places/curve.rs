//! Hilbert's curve: a number for each place, so that neighbours have near numbers.

use super::Bounds;

/// How many times the earth is quartered.
const ORDER: u32 = 16;

/// The place of a box's middle on the curve.
pub(super) fn along(bounds: &Bounds) -> u64 {
    let side = f64::from((1_u32 << ORDER) - 1);
    let (x, y) = ((bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0);
    let mut x = ((x + 180.0) / 360.0 * side) as u32;
    let mut y = ((y + 90.0) / 180.0 * side) as u32;
    let mut place = 0_u64;
    for level in (0..ORDER).rev() {
        let (right, up) = (x >> level & 1, y >> level & 1);
        place = place << 2 | u64::from((3 * right) ^ up);
        // Each quarter is the curve again, turned or mirrored.
        if up == 0 {
            if right == 1 {
                let all = (1 << ORDER) - 1;
                (x, y) = (all - x, all - y);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_along_the_curve_are_steps_on_the_earth() {
        // Of the quarters of quarters each is met once, and one after the other is beside it.
        let at = |x: u32, y: u32| {
            let place = |n: u32, width: f64| (f64::from(n) + 0.5) / 8.0 * width - width / 2.0;
            let (x, y) = (place(x, 360.0), place(y, 180.0));
            along(&[x, y, x, y]) >> (2 * (ORDER - 3))
        };
        let mut places: Vec<(u64, u32, u32)> =
            (0..8).flat_map(|x| (0..8).map(move |y| (at(x, y), x, y))).collect();
        places.sort_unstable();
        assert!(places.iter().zip(0..).all(|(place, n)| place.0 == n));
        assert!(places.windows(2).all(|two| two[0].1.abs_diff(two[1].1) + two[0].2.abs_diff(two[1].2) == 1));
    }
}
