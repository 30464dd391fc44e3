//! What a mention and an entry have in common, in steps that a cataloguer can read.
//!
//! Every feature has a few values, each with a name for tables and a sentence for people. The first is always "not
//! known", which is no step of the others: what nobody says speaks neither for nor against. The others go from the
//! worst to the best, and the model keeps to that order.

use std::fmt;

/// A value of a feature: its name in tables and what it says to people.
pub type Value = (&'static str, &'static str);

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident $text:literal [$($value:ident $words:literal),+ $(,)?];)+) => {
        /// Something in which a mention and an entry agree or not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Feature { $($(#[$doc])* $name),+ }

        impl Feature {
            /// All features in the order of tables.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Its values: "not known", then from the worst to the best.
            #[must_use]
            pub const fn values(self) -> &'static [Value] {
                match self { $(Self::$name => &[("unknown", ""), $((stringify!($value), $words)),+]),+ }
            }
        }

        $(
            #[doc = concat!("The values of `", $text, "`.")]
            #[expect(non_camel_case_types, reason = "the values are named as in the tables")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
            #[repr(u8)]
            pub(super) enum $name { #[default] unknown, $($value),+ }

            impl Known for $name {
                const FEATURE: Feature = Feature::$name;
                fn number(self) -> u8 { self as u8 }
            }
        )+
    };
}

/// A value of one feature.
pub(super) trait Known: Copy + Ord {
    /// The feature that it is a value of.
    const FEATURE: Feature;
    /// Its place among the values.
    fn number(self) -> u8;
}

features! {
    /// The family names of two people.
    Family "family" [
        different "the family names differ",
        part "one family name is a part of the other",
        crossed "the family name of one stands among the given names of the other",
        near "the family names differ by a letter or two",
        spelled "the family names are one in two spellings",
        same "the family name is the same"
    ];
    /// The given names of two people.
    Given "given" [
        different "the given names differ",
        initials_differ "the initials do not fit",
        missing "one of the names has no given name",
        near "the given names differ by a letter or two",
        variant "the given names are forms of one name",
        initials "initials fit the given names",
        letters "the names have the same two or more initials",
        fewer "the given names are the same, one has more of them",
        partly "the given names are the same, further initials fit",
        same "the given names are the same",
        several "several given names are the same"
    ];
    /// The names after the father.
    Patronymic "patronymic" [
        different "the names after the father differ",
        initial "an initial fits the name after the father",
        same "the name after the father is the same"
    ];
    /// The number of a ruler, or which of two generations is meant.
    Generation "generation" [
        different "the numbers or generations differ",
        one_sided "only one of them has a number or generation",
        same "the number or generation is the same"
    ];
    /// The names of two places, bodies, concepts or periods.
    Words "name" [
        different "the names differ",
        part "one name is a part of the other",
        near "the names differ by a letter or two in a word",
        words "the names have the same words, small words aside",
        spelled "the name is the same in another spelling or order",
        same "the name is the same"
    ];
    /// What stands in brackets behind a name.
    Qualifier "qualifier" [
        different "what stands in brackets differs",
        one_sided "only one of the names has something in brackets",
        same "what stands in brackets is the same"
    ];
    /// Which of the entry's names it is.
    Label "label" [
        hidden "it is a hidden form of the entry's name",
        alternative "it is another name of the entry",
        preferred "it is the entry's preferred name"
    ];
    /// Birth, foundation or beginning.
    Born "born" [
        far "the years of birth or beginning are more than ten years apart",
        apart "the years of birth or beginning are some years apart",
        near "the years of birth or beginning are a year or two apart",
        fits "the years of birth or beginning may be the same",
        same "the year of birth or beginning is the same"
    ];
    /// Death, dissolution or end.
    Died "died" [
        far "the years of death or end are more than ten years apart",
        apart "the years of death or end are some years apart",
        near "the years of death or end are a year or two apart",
        fits "the years of death or end may be the same",
        same "the year of death or end is the same"
    ];
    /// Whether the records of the mention fall into the entry's lifetime.
    Lifetime "lifetime" [
        impossible "the records were made before the birth",
        late "the records were made after the death",
        possible "the records were made during the lifetime"
    ];
    /// Person, place, body, concept, period.
    Sort "kind" [
        different "they are of different kinds",
        same "they are of the same kind"
    ];
    /// Where they are.
    Place "place" [
        far "they are far from each other",
        other "none of the places that one lies in is named by the other",
        near "they are within some kilometres of each other",
        within "they lie in the same place"
    ];
    /// Professions and fields of activity.
    Occupation "occupation" [
        different "the occupations differ",
        shared "an occupation is the same"
    ];
    /// What stands beside the mention in its records.
    Beside "beside" [
        none "nothing named beside it in its records is told of the entry",
        shared "something named beside it in its records is told of the entry"
    ];
    /// How many entries of the authority have a name that fits as well.
    Bearers "bearers" [
        better "the name of another entry fits better",
        many "many entries have a name that fits as well",
        several "several entries have a name that fits as well",
        two "two entries have a name that fits as well",
        one "no other entry has a name that fits as well"
    ];
    /// Whether names of other entries fit, if less well.
    Rivals "rivals" [
        some "names of other entries fit less well",
        none "no name of another entry fits"
    ];
    /// How many entries of the authority have the family name, by its size.
    Rarity "rarity" [
        common "the family name is common",
        usual "the family name is not rare",
        uncommon "the family name is not common",
        rare "the family name is rare"
    ];
    /// How many words of the names agree in full.
    Length "length" [
        one "one word of the names agrees",
        two "two words of the names agree",
        more "three or more words of the names agree"
    ];
}

/// The values of all features for a mention and an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Features([u8; Feature::ALL.len()]);

impl Features {
    pub(super) fn set<K: Known>(&mut self, value: K) {
        self.0[K::FEATURE as usize] = value.number();
    }

    pub(super) fn is<K: Known>(&self, value: K) -> bool {
        self.0[K::FEATURE as usize] == value.number()
    }

    /// Whether the feature has at least this value; one that is not known has not.
    pub(super) fn at_least<K: Known>(&self, value: K) -> bool {
        self.0[K::FEATURE as usize] >= value.number()
    }

    /// Whether the feature is known and at most this value.
    pub(super) fn at_most<K: Known>(&self, value: K) -> bool {
        (1..=value.number()).contains(&self.0[K::FEATURE as usize])
    }

    /// The place of a feature's value among its values; 0 is "not known".
    #[must_use]
    pub fn number(&self, feature: Feature) -> usize {
        usize::from(self.0[feature as usize])
    }

    /// What is known, as names in tables: feature and value.
    pub fn known(&self) -> impl Iterator<Item = (Feature, Value)> + '_ {
        Feature::ALL.iter().filter_map(|feature| {
            let number = self.number(*feature);
            (number > 0).then(|| Some((*feature, *feature.values().get(number)?))).flatten()
        })
    }
}

impl fmt::Display for Features {
    /// What is known, in sentences with semicolons between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (_, (_, words))) in self.known().enumerate() {
            if number > 0 {
                f.write_str("; ")?;
            }
            f.write_str(words)?;
        }
        Ok(())
    }
}
