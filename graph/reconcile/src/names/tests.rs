//! Names meet that are one, and stay apart that are two.

use super::{Name, PartKind, fold, key, phonetic};

#[test]
fn folding() {
    for (text, expected) in [
        ("  Gallen-Kallela,  Akseli ", "gallen kallela akseli"),
        ("Ångström", "angstrom"),
        ("Œuvre Æsir Straße Łódź Þór ıŞIK", "oeuvre aesir strasse lodz thor isik"),
        ("ﬁle Ⅷ ２０", "file viii 20"),
        ("O’Brien Дем’яненко", "obrien demianenko"),
        ("Jeanne d’Arc", "jeanne d arc"),
        ("I︠U︡riĭ I͡Uriĭ", "iurii iurii"),
        ("Юрій Є. Кий", "iurii ie kyi"),
        ("Ἀριστοτέλης", "aristotelis"),
        ("שָׁלוֹם", "שלום"),
        ("김철수 東京", "김철수 東京"),
        ("हिन्दी", "हिन्दी"),
        ("…!", ""),
        ("", ""),
    ] {
        assert_eq!(fold(text), expected, "{text}");
    }
}

#[test]
fn schemes_of_cyrillic_meet_in_one_key() {
    for forms in [
        &[
            "Шевченко, Тарас Григорович",
            "Ševčenko, Taras Grigorovič",
            "Shevchenko, Taras Hryhorovych",
            "Shevchenko, Taras Grigorovich",
            "Taras Hryhorovyč Ševčenko",
            "Тарас Шевченко Григорович",
        ][..],
        &[
            "Чайковский",
            "Tchaikovsky",
            "Čajkovskij",
            "Chaĭkovskiĭ",
            "Tschaikowsky",
            "Chaykovskiy",
            "Tšaikovski",
        ],
        &["Хрущёв", "Khrushchev", "Hruŝëv", "Khrushchëv", "Hruščëv"],
        &["Щедрин", "Shchedrin", "Ŝedrin", "Ščedrin"],
        &["Юлія Ярмоленко", "Yuliia Yarmolenko", "Ûlìâ Ârmolenko", "I͡Ulii͡a I͡Armolenko", "Juliia Jarmolenko"],
        &["Маяковский", "Mayakovsky", "Majakovskij", "Maâkovskij", "Mai͡akovskiĭ", "Majakowski"],
        &["Зеленський", "Zelenskyi", "Zelenskyy", "Zelensʹkij", "Zelensky", "Zelenśkyj"],
        &["Гоголь", "Gogol", "Gogolʹ", "Hohol", "Gogol'"],
        &["Mueller, Jörg", "Joerg Müller", "JÖRG MULLER"],
        &["Köln", "Koeln", "KÖLN"],
    ] {
        let keys: Vec<_> = forms.iter().map(|form| key(form)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{forms:?}\n{keys:?}");
    }
}

#[test]
fn different_names_have_different_keys() {
    for (one, other) in [
        ("Маковский", "Маяковский"),
        ("Shevchenko", "Shevchuk"),
        ("Schmidt", "Schmied"),
        ("Turku", "Truku"),
        ("Berg, A.", "Berg, B."),
        ("Kivi, Aleksis, 1834-1872", "Kivi, Aleksis, 1900-1950"),
        ("שלום", "שלוה"),
        ("東京", "京都"),
    ] {
        assert_ne!(key(one), key(other));
    }
}

#[test]
fn sounds() {
    for (one, other) in [
        ("Шевченко", "Chevtchenko"),
        ("Carl", "Karl"),
        ("Meyer", "Maier"),
        ("Philipp", "Filip"),
        ("Schmidt", "Schmitt"),
        ("Zelensky", "Selenskyj"),
    ] {
        assert_eq!(phonetic(one), phonetic(other), "{one} {other}");
    }
    assert_ne!(phonetic("Schmidt"), phonetic("Schubert"));
    assert_eq!(phonetic("1834"), "1834");
}

/// The parts in one line: `family shevchenko | given taras`.
fn told(name: &Name) -> String {
    let part = |part: &super::Part| format!("{:?} {}", part.kind, name.folded(part)).to_lowercase();
    name.parts().iter().map(part).collect::<Vec<_>>().join(" | ")
}

#[test]
fn parts() {
    for (text, expected) in [
        ("Kivi, Aleksis, 1834-1872", "family kivi | given aleksis"),
        ("Aleksis Kivi (1834–1872)", "given aleksis | family kivi"),
        ("Akseli Gallen-Kallela", "given akseli | family gallen | family kallela"),
        ("Beethoven, Ludwig van", "family beethoven | given ludwig | particle van"),
        ("Vincent van Gogh", "given vincent | particle van | family gogh"),
        ("La Fontaine, Jean de", "particle la | family fontaine | given jean | particle de"),
        ("Jeanne d'Arc", "given jeanne | particle d | family arc"),
        ("Шевченко, Т. Г.", "family shevchenko | initial t | initial g"),
        ("Т.Г. Шевченко", "initial t | initial g | family shevchenko"),
        ("Шевченко Т.Г.", "family shevchenko | initial t | initial g"),
        ("Ю. Щербак", "initial iu | family shcherbak"),
        ("Шевченко Тарас Григорович", "family shevchenko | given taras | patronymic grigorovich"),
        ("Тарас Григорович Шевченко", "given taras | patronymic grigorovich | family shevchenko"),
        ("Иван Петрович", "given ivan | family petrovich"),
        ("Bickham, George, the younger", "family bickham | given george | younger the younger"),
        ("George Bickham the younger", "given george | family bickham | younger the younger"),
        ("Lucas Cranach d. Ä.", "given lucas | family cranach | elder d a"),
        ("Smith, D. A.", "family smith | initial d | initial a"),
        ("Earl Biss Jr.", "given earl | family biss | younger jr"),
        ("Sen, Amartya", "family sen | given amartya"),
        ("Amartya Sen", "given amartya | family sen"),
        ("Sir Henry M. Pellatt", "honorific sir | given henry | initial m | family pellatt"),
        ("King, Martin Luther, Jr.", "family king | given martin | given luther | younger jr"),
        ("Stephen King", "given stephen | family king"),
        ("Nikolai II", "given nikolai | number ii"),
        ("Gustav V", "given gustav | number v"),
        ("Johannes Paulus II, paavi", "family johannes | family paulus | number ii | given paavi"),
        ("Wells, H. G. (Herbert George)", "family wells | given herbert | given george"),
        ("Palma, Jacopo (il vecchio)", "family palma | given jacopo | qualifier il | qualifier vecchio"),
        ("Du, Fu", "family du | given fu"),
        ("Joh. Chr. Bach", "initial joh | initial chr | family bach"),
        ("Rembrandt", "family rembrandt"),
        ("Ben Nicholson", "given ben | family nicholson"),
        ("Museum of the Rockies", "word museum | word of | word the | word rockies"),
        ("V.", "family v"),
        ("1834", "family 1834"),
        ("", ""),
        ("…", ""),
    ] {
        assert_eq!(told(&Name::parse(text)), expected, "{text}");
    }
    assert!(Name::parse("Monogrammist C. R.").is_stand_in());
    assert_eq!(told(&Name::plain("Turku (Finland)")), "word turku | qualifier finland");
    assert_eq!(Name::plain("Turku (Finland)").key(), "turku");
    assert_eq!(Name::parse("Kivi, Aleksis, 1834-1872").key(), key("Aleksis Kivi"));
}

#[test]
fn memory_is_used_again() {
    let mut name = Name::parse("Shevchenko, Taras Hryhorovych, 1814-1861");
    name.read("Kivi, Aleksis");
    assert_eq!(told(&name), told(&Name::parse("Kivi, Aleksis")));
    name.read_plain("Turku");
    assert_eq!((told(&name), name.is_inverted()), ("word turku".to_owned(), false));
}

#[test]
fn any_text_is_read() {
    proptest::proptest!(|(text in "\\PC{0,24}")| {
        let name = Name::parse(&text);
        proptest::prop_assert!(name.parts().iter().all(|part| !name.folded(part).is_empty()));
        proptest::prop_assert_eq!(fold(&fold(&text)), fold(&text));
        let _ = (key(&text), phonetic(&text), Name::plain(&text), name.key());
        proptest::prop_assert_eq!(name.of(PartKind::Word).count() > 0, name.parts().iter().any(|part| part.kind == PartKind::Word));
    });
}
