//! Years as far as they are known, and points on the earth.

/// The year lies in this closed range. What is uncertain or approximate is a wider range; years before our era are
/// negative, and there is a year 0 as in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Years {
    /// The first year that it may be.
    pub from: i16,
    /// The last year that it may be.
    pub to: i16,
}

impl Years {
    /// One certain year.
    #[must_use]
    pub const fn one(year: i16) -> Self {
        Self { from: year, to: year }
    }

    /// The range between two years, in whichever order they come.
    #[must_use]
    pub fn between(one: i16, other: i16) -> Self {
        Self { from: one.min(other), to: one.max(other) }
    }

    /// Whether some year lies in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// How many years lie between the two; 0 when they meet.
    #[must_use]
    pub fn apart(self, other: Self) -> u32 {
        let gap =
            (i32::from(self.from) - i32::from(other.to)).max(i32::from(other.from) - i32::from(self.to));
        gap.max(0).unsigned_abs()
    }
}

/// A point on the earth in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Point {
    /// Latitude, −90 to 90.
    pub lat: f32,
    /// Longitude, −180 to 180.
    pub long: f32,
}

impl Point {
    /// A point, if there is one with these degrees.
    #[must_use]
    pub fn new(lat: f64, long: f64) -> Option<Self> {
        let valid = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long);
        // A coordinate is a measure; an f32 knows it to two metres.
        #[expect(clippy::cast_possible_truncation, reason = "both were found in range")]
        valid.then_some(Self { lat: lat as f32, long: long as f32 })
    }

    /// The distance in kilometres along the surface of a sphere as big as the earth.
    #[must_use]
    pub fn kilometres(self, other: Self) -> f64 {
        let radians = |degrees: f32| f64::from(degrees).to_radians();
        let (lat, other_lat) = (radians(self.lat), radians(other.lat));
        let (up, along) = ((lat - other_lat) / 2.0, (radians(self.long) - radians(other.long)) / 2.0);
        let haversine = up.sin().powi(2) + lat.cos() * other_lat.cos() * along.sin().powi(2);
        2.0 * 6371.0088 * haversine.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn ranges_meet_or_are_apart() {
        let circa = Years { from: 1860, to: 1870 };
        assert!(circa.meets(Years::one(1865)) && circa.meets(Years { from: 1870, to: 1900 }));
        assert!(!circa.meets(Years::one(1859)));
        assert_eq!(circa.apart(Years::one(1850)), 10);
        assert_eq!(Years::one(i16::MIN).apart(Years::one(i16::MAX)), 65_535);
        assert_eq!(Years::between(5, -5), Years { from: -5, to: 5 });
    }

    #[test]
    fn helsinki_and_tallinn_are_eighty_kilometres_apart() {
        let helsinki = Point::new(60.1699, 24.9384).unwrap();
        let tallinn = Point::new(59.4370, 24.7536).unwrap();
        assert!((helsinki.kilometres(tallinn) - 82.0).abs() < 1.0, "{}", helsinki.kilometres(tallinn));
        let around = Point::new(0.0, 180.0).unwrap().kilometres(Point::new(0.0, -180.0).unwrap());
        assert!(around < 0.001);
        assert_eq!(Point::new(91.0, 0.0), None);
        assert_eq!(Point::new(f64::NAN, 0.0), None);
    }
}
