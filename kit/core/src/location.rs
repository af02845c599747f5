//! Where something is on Earth, in whole micro-degrees, and how far from there.

use std::fmt;

/// A place on Earth (WGS 84) in whole micro-degrees, about 11 cm; integers, so that equality and replay are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    latitude: i32,
    longitude: i32,
}

/// The latitude or longitude is not a decimal number of degrees within range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} {text:?} must be decimal degrees between -{bound} and {bound}, such as \"{example}\""
)]
pub struct InvalidLocation {
    what: &'static str,
    text: String,
    bound: i32,
    example: &'static str,
}

/// One of the two axes.
struct Axis {
    what: &'static str,
    bound_degrees: i32,
    example: &'static str,
}

const MICRO: i32 = 1_000_000;
const LATITUDE: Axis = Axis { what: "latitude", bound_degrees: 90, example: "-23.561414" };
const LONGITUDE: Axis = Axis { what: "longitude", bound_degrees: 180, example: "-46.655881" };

impl Location {
    /// A place by its micro-degrees: latitude within ±90,000,000, longitude within ±180,000,000.
    pub fn from_micro_degrees(latitude: i32, longitude: i32) -> Result<Self, InvalidLocation> {
        LATITUDE.check(latitude)?;
        LONGITUDE.check(longitude)?;
        Ok(Self { latitude, longitude })
    }

    /// A place by decimal degrees, such as `42.517182` and `-92.455796`; digits after the sixth decimal are dropped.
    pub fn parse(latitude: &str, longitude: &str) -> Result<Self, InvalidLocation> {
        Ok(Self { latitude: LATITUDE.parse(latitude)?, longitude: LONGITUDE.parse(longitude)? })
    }

    /// North of the equator, in micro-degrees.
    pub const fn latitude_micro_degrees(self) -> i32 {
        self.latitude
    }

    /// East of Greenwich, in micro-degrees.
    pub const fn longitude_micro_degrees(self) -> i32 {
        self.longitude
    }

    /// The latitude as decimal degrees with six decimals; [`Location::parse`] reads it back.
    pub fn latitude(self) -> String {
        decimal(self.latitude)
    }

    /// The longitude as decimal degrees with six decimals; [`Location::parse`] reads it back.
    pub fn longitude(self) -> String {
        decimal(self.longitude)
    }
}

/// Of a sphere with the volume of the Earth (IUGG).
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

impl Location {
    /// How far the other place is along the surface, in metres: at most half a per cent from the truth, since the Earth is
    /// taken for a sphere.
    #[must_use]
    #[expect(
        clippy::float_arithmetic,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "trigonometry, whose result is told in whole metres, 20 million at most"
    )]
    pub fn metres_to(self, other: Self) -> u32 {
        let radians =
            |micro_degrees: i32| (f64::from(micro_degrees) / f64::from(MICRO)).to_radians();
        let half_sine = |from, to| ((radians(to) - radians(from)) / 2.0).sin();
        let (north, east) =
            (half_sine(self.latitude, other.latitude), half_sine(self.longitude, other.longitude));
        let shrunk = radians(self.latitude).cos() * radians(other.latitude).cos();
        // haversines: exact for neighbours, where the cosine rule loses its digits
        let haversine = (north * north + shrunk * east * east).min(1.0);
        (2.0 * EARTH_RADIUS_METRES * haversine.sqrt().asin()).round() as u32
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.latitude(), self.longitude())
    }
}

impl Axis {
    fn check(&self, micro_degrees: i32) -> Result<i32, InvalidLocation> {
        let bound = self.bound_degrees * MICRO;
        if (-bound..=bound).contains(&micro_degrees) {
            return Ok(micro_degrees);
        }
        Err(self.invalid(&decimal(micro_degrees)))
    }

    fn parse(&self, text: &str) -> Result<i32, InvalidLocation> {
        let micro_degrees = micro_degrees(text).ok_or_else(|| self.invalid(text))?;
        self.check(micro_degrees)
    }

    fn invalid(&self, text: &str) -> InvalidLocation {
        let text = text.chars().take(40).collect();
        InvalidLocation { what: self.what, text, bound: self.bound_degrees, example: self.example }
    }
}

/// Reads `[-]degrees[.decimals]`; at most three digits of degrees, so nothing can overflow.
fn micro_degrees(text: &str) -> Option<i32> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (degrees, decimals) = match unsigned.split_once('.') {
        Some((degrees, decimals)) if !decimals.is_empty() => (degrees, decimals),
        Some(_) => return None,
        None => (unsigned, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=3).contains(&degrees.len()) || !all_digits(degrees) || !all_digits(decimals) {
        return None;
    }
    let sixth: String = decimals.chars().chain("000000".chars()).take(6).collect();
    let magnitude = degrees.parse::<i32>().ok()? * MICRO + sixth.parse::<i32>().ok()?;
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn decimal(micro_degrees: i32) -> String {
    let sign = if micro_degrees < 0 { "-" } else { "" };
    let magnitude = micro_degrees.unsigned_abs();
    let micro = MICRO.unsigned_abs();
    format!("{sign}{}.{:06}", magnitude / micro, magnitude % micro)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimal_degrees_become_whole_micro_degrees() {
        let store = Location::parse("42.517182", "-92.455796").unwrap();
        assert_eq!(store.latitude_micro_degrees(), 42_517_182);
        assert_eq!(store.longitude_micro_degrees(), -92_455_796);
        assert_eq!(store.to_string(), "42.517182, -92.455796");
        let short = Location::parse("-0.5", "7").unwrap();
        assert_eq!(short, Location::from_micro_degrees(-500_000, 7_000_000).unwrap());
        let exact = Location::parse("42.51718299999", "0").unwrap();
        assert_eq!(exact.latitude(), "42.517182");
    }

    #[test]
    fn poles_and_date_line_are_the_ends() {
        assert!(Location::parse("-90", "180").is_ok());
        assert!(Location::parse("90.000001", "0").is_err());
        assert!(Location::parse("0", "-180.000001").is_err());
        assert!(Location::from_micro_degrees(i32::MIN, 0).is_err());
    }

    #[test]
    fn nonsense_is_refused_with_the_value_and_an_example() {
        for bad in ["", "-", ".5", "5.", "1e1", "+5", "4 2", "42,5", "NaN", "--5", "9999", "4.-5"] {
            let error = Location::parse("0", bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("longitude {bad:?} must be")), "{error}");
        }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let place = |latitude, longitude| Location::parse(latitude, longitude).unwrap();
        let (paulista, rio) =
            (place("-23.561414", "-46.655881"), place("-22.906847", "-43.172896"));
        assert_eq!(paulista.metres_to(paulista), 0);
        // 1 degree of a meridian
        assert_eq!(place("10", "5").metres_to(place("11", "5")), 111_195);
        let metres = paulista.metres_to(rio);
        assert!((363_000..=364_000).contains(&metres), "{metres}");
        // over the date line, and from pole to pole
        assert_eq!(place("0", "179.5").metres_to(place("0", "-179.5")), 111_195);
        assert_eq!(place("90", "0").metres_to(place("-90", "77")), 20_015_114);
    }

    proptest! {
        #[test]
        fn the_way_back_is_as_long(
            lats in prop::array::uniform2(-90_000_000..=90_000_000),
            lons in prop::array::uniform2(-180_000_000..=180_000_000),
        ) {
            let [here, there] =
                [0, 1].map(|at| Location::from_micro_degrees(lats[at], lons[at]).unwrap());
            prop_assert_eq!(here.metres_to(there), there.metres_to(here));
        }

        #[test]
        fn text_reads_back(lat in -90_000_000..=90_000_000, lon in -180_000_000..=180_000_000) {
            let place = Location::from_micro_degrees(lat, lon).unwrap();
            prop_assert_eq!(Location::parse(&place.latitude(), &place.longitude()), Ok(place));
        }
    }
}
