//! Names as catalogues write them, against the table `cases.tsv`; direct order; and properties of any text.

use super::{inverted, read_name};
use graph_model::AgentKind;
use proptest::prelude::*;
use std::fmt::Write as _;

#[test]
fn the_table_of_names_is_read() {
    let mut wrong = String::new();
    let mut count = 0;
    for line in include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (text, expected) = line.split_once('\t').unwrap_or_default();
        let name = read_name(text);
        let or_dash = |text: Option<&str>| text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
        let roles = name.roles.join(";");
        let met = [
            name.name.clone(),
            or_dash(name.birth.as_deref()),
            or_dash(name.death.as_deref()),
            or_dash(Some(&roles)),
            or_dash(name.qualifier.as_deref()),
        ]
        .join("\t");
        count += 1;
        if met != expected {
            let _ = writeln!(wrong, "{text}\n  met      {met}\n  expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 60);
}

#[test]
fn direct_names_are_inverted() {
    for (direct, heading) in [
        ("Akseli Gallen-Kallela", "Gallen-Kallela, Akseli"),
        ("Johann Wolfgang von Goethe", "Goethe, Johann Wolfgang von"),
        ("Ludwig van Beethoven", "Beethoven, Ludwig van"),
        ("Vincent van Gogh", "Gogh, Vincent van"),
        ("Joost van den Vondel", "Vondel, Joost van den"),
        ("Carl af Forsell", "Forsell, Carl af"),
        ("Honoré de Balzac", "Balzac, Honoré de"),
        ("Jean de la Fontaine", "La Fontaine, Jean de"),
        ("Edmondo De Amicis", "De Amicis, Edmondo"),
        ("Luca della Robbia", "Della Robbia, Luca"),
        ("Martin Luther King, Jr.", "King, Martin Luther, Jr."),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("Gustaf Adolf Serlachius nuorempi", "Serlachius, Gustaf Adolf, nuorempi"),
        ("Тарас Шевченко", "Шевченко, Тарас"),
        ("Шевченко Тарас Григорович", "Шевченко, Тарас Григорович"),
        ("Тарас Григорович Шевченко", "Шевченко, Тарас Григорович"),
        ("Леся Українка", "Українка, Леся"),
        ("J. R. R. Tolkien", "Tolkien, J. R. R."),
        ("Gallen-Kallela, Akseli", "Gallen-Kallela, Akseli"),
        ("Homeros", "Homeros"),
        ("Nikolai II", "Nikolai II"),
        ("Muhammad ibn Musa", "Muhammad ibn Musa"),
        ("Ben Shahn", "Shahn, Ben"),
        ("Ibn Khaldun", "Ibn Khaldun"),
        ("Master of Kalanti", "Master of Kalanti"),
        ("Meister Bertram", "Meister Bertram"),
        ("Friends of the Museum", "Friends of the Museum"),
        ("  Tove   Jansson ", "Jansson, Tove"),
        ("", ""),
    ] {
        assert_eq!(inverted(direct), heading, "{direct}");
    }
}

#[test]
fn a_life_is_read_from_a_note() {
    for (text, birth, death) in [
        ("1762–1787", Some("1762"), Some("1787")),
        ("born 1930", Some("1930"), None),
        ("American, 1923 - 2013", Some("1923"), Some("2013")),
        ("British, c. 1761 - 1802", Some("1761~"), Some("1802")),
        ("American, born 1937", Some("1937"), None),
        ("American, active c. 1935", None, None),
        ("American, active late 20th century", None, None),
        ("French", None, None),
        ("", None, None),
    ] {
        let life = super::read_life(text);
        assert_eq!((life.0.as_deref(), life.1.as_deref()), (birth, death), "{text}");
    }
}

#[test]
fn the_kind_is_told_by_the_words() {
    for (text, kind) in [
        ("Suomen Taideyhdistys", AgentKind::Organization),
        ("Oy Fazer Ab", AgentKind::Organization),
        ("Видавництво «Мистецтво»", AgentKind::Organization),
        ("Wright-suku", AgentKind::Unknown),
        ("Wright (suku)", AgentKind::Unknown),
        ("Familie Fugger", AgentKind::Family),
        ("Gallen-Kallela, Akseli", AgentKind::Person),
        ("Akseli Gallen-Kallela (1865–1931)", AgentKind::Person),
        ("Т. Г. Шевченко", AgentKind::Person),
        ("Homeros", AgentKind::Unknown),
        ("Akseli Gallen-Kallela", AgentKind::Unknown),
    ] {
        assert_eq!(read_name(text).kind_hint, kind, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        let _ = (read_name(&text), inverted(&text));
    }

    #[test]
    fn any_mixture_is_survived(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "Kivi", "Aleksis", ",", "(", ")", "[", "]", "1834", "-", "–", "1872", "s.", "n.", "1500-luku", "fl.", "van",
            "Jr.", "II", "Т.", "Григорович", "toim.", "†", "*", ".", "&", "ibn", "XVI", "-1900", "1834-10-10",
        ]), 0..9), gap in any::<bool>()) {
        let text = parts.join(if gap { " " } else { "" });
        let name = read_name(&text);
        prop_assert!(name.name.len() <= text.len() + 2, "{:?} of {}", name, text);
        let heading = inverted(&text);
        prop_assert_eq!(inverted(&heading), heading, "{}", text);
    }
}
