//! The names of two people, compared.

use crate::matching::features::{Family, Features, Generation, Given, Patronymic};
use crate::matching::person::compare;
use crate::names::Name;

fn features(one: &str, other: &str) -> Features {
    let mut features = Features::default();
    compare(&Name::parse(one), &Name::parse(other), &mut features);
    features
}

#[test]
fn family_and_given_names() {
    for (one, other, family, given) in [
        ("Charles Marion Russell", "Russell, Charles Marion", Family::same, Given::several),
        ("Paul Kane", "Kane, Paul", Family::same, Given::same),
        ("T. C. Steele", "Steele, Theodore Clement", Family::same, Given::initials),
        ("Wyeth, N. C.", "N. C. Wyeth", Family::same, Given::letters),
        ("J. Smith", "Smith, J.", Family::same, Given::initials),
        ("Charles F. Lummis", "Lummis, Charles Fletcher", Family::same, Given::partly),
        ("Peale, Rembrandt", "Peale, Rembrandt Charles", Family::same, Given::fewer),
        ("Bill Traylor", "Traylor, William", Family::same, Given::variant),
        ("Ruscha, Edward", "Ruscha, Ed", Family::same, Given::variant),
        ("Robert Ottoker Lindneux", "Lindneux, Robert Ottokar", Family::same, Given::near),
        ("Ernest Blumenschein", "Blumenshein, Ernest", Family::spelled, Given::same),
        ("Oscar Berninghaus", "Berminghaus, Oscar", Family::near, Given::same),
        ("Smith, Anna", "Smith, Bertha", Family::same, Given::different),
        ("Smith, Anna", "Jones, Anna", Family::different, Given::same),
        ("Smith, A. B.", "Smith, A. C.", Family::same, Given::initials_differ),
        ("Smith, Anna B.", "Smith, Anna C.", Family::same, Given::initials_differ),
        ("Smith", "Smith, Anna", Family::same, Given::missing),
        ("Vigil Romando", "Vigil, Romando", Family::crossed, Given::several),
        ("Kallela, Akseli", "Gallen-Kallela, Akseli", Family::part, Given::same),
        ("Ricardo Martínez de Hoyos", "Martínez de Hoyos, Ricardo", Family::same, Given::several),
        ("Шевченко, Т. Г.", "Shevchenko, Taras Hryhorovych", Family::same, Given::initials),
        ("Ševčenko, Taras", "Шевченко, Тарас", Family::spelled, Given::same),
        ("Elaine d. Kooning", "De Kooning, Elaine", Family::same, Given::same),
        ("Hans", "Hans", Family::same, Given::unknown),
    ] {
        for features in [features(one, other), features(other, one)] {
            assert!(features.is(family) && features.is(given), "{one} – {other}: {features}");
        }
    }
}

#[test]
fn generations_and_names_after_the_father() {
    let generation = |one, other| {
        let features = features(one, other);
        [Generation::unknown, Generation::different, Generation::one_sided, Generation::same]
            .into_iter()
            .find(|value| features.is(*value))
    };
    assert_eq!(generation("Cranach, Lucas, d. Ä.", "Lucas Cranach the elder"), Some(Generation::same));
    assert_eq!(generation("Cranach, Lucas, d. J.", "Lucas Cranach the elder"), Some(Generation::different));
    assert_eq!(generation("Biss, Earl", "Earl Biss Jr."), Some(Generation::one_sided));
    assert_eq!(generation("Nikolai I", "Nikolai II"), Some(Generation::different));
    assert_eq!(generation("Biss, Earl", "Earl Biss"), Some(Generation::unknown));
    assert!(features("Шевченко, Тарас Григорович", "Shevchenko, Taras Hryhorovych").is(Patronymic::same));
    assert!(features("Шевченко, Тарас Григорович", "Шевченко, Тарас Иванович").is(Patronymic::different));
    assert!(features("Шевченко, Тарас Григорович", "Шевченко, Т. Г.").is(Patronymic::initial));
    assert!(features("Шевченко, Тарас Григорович", "Шевченко, Тарас").is(Patronymic::unknown));
}

#[test]
fn long_names_are_cut_and_nothing_breaks() {
    let long = "Juan ".repeat(300) + "Pérez";
    assert!(features(&long, "Pérez, Juan").at_least(Family::different));
    proptest::proptest!(|(one in "\\PC{0,24}", other in "\\PC{0,24}")| {
        let (there, back) = (features(&one, &other), features(&other, &one));
        // Which name is the mention's makes no difference to whether the family names agree.
        proptest::prop_assert_eq!(there.is(Family::same), back.is(Family::same));
    });
}
