//! Made-up people with names of six traditions, and how others write them.
//!
//! Family names are put together of stems and endings, so that there are many and some are alike; common ones are
//! common, as they are among people. Names of people from Ukraine, Bulgaria and the like stand in Latin letters in the
//! authority and come in Cyrillic, or by another scheme, in records.

use std::collections::HashSet;

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.roll(list.len())]
    }

    /// The first of a list come much more often than the last.
    fn common<'t>(&mut self, list: &[&'t str]) -> &'t str {
        let place = self.roll(list.len()) * self.roll(1_000) / 1_000;
        list[place]
    }
}

struct Tradition {
    given: &'static [&'static str],
    stems: &'static [&'static str],
    endings: &'static [&'static str],
    particles: &'static [&'static str],
}

const TRADITIONS: [Tradition; 6] = [
    Tradition {
        given: &[
            "Johannes", "Maria", "Antti", "Anna", "Juho", "Aino", "Matti", "Helmi", "Väinö", "Hilja", "Eino",
            "Kerttu", "Toivo", "Elli", "Heikki", "Lyyli", "Pekka", "Sylvi", "Arvo", "Tyyne", "Onni", "Saimi",
            "Yrjö", "Hilma", "Kalle", "Päivi", "Jalmari", "Eeva", "Uuno", "Marjatta",
        ],
        stems: &[
            "Virta", "Korho", "Niemi", "Mäki", "Lehto", "Järvi", "Koski", "Salo", "Laakso", "Harju", "Lahti",
            "Hakka", "Kallio", "Ranta", "Heino", "Saari", "Aho", "Kivi", "Pelto", "Metsä", "Ora", "Suo",
            "Käki", "Hirvo", "Turu", "Vuori", "Nurmi", "Kulma", "Hauta", "Rauta", "Tamm", "Löyt", "Pyykk",
        ],
        endings: &[
            "nen", "la", "lä", "niemi", "mäki", "ranta", "ö", "aho", "vaara", "ainen", "salo", "virta",
        ],
        particles: &[""],
    },
    Tradition {
        given: &[
            "Carl",
            "Anna",
            "Gustaf",
            "Christina",
            "Johan",
            "Margareta",
            "Erik",
            "Brita",
            "Nils",
            "Catharina",
            "Lars",
            "Ingeborg",
            "Axel",
            "Sofia",
            "Bengt",
            "Hedvig",
            "Olof",
            "Ulrika",
            "Sven",
            "Elsa",
            "Åke",
            "Märta",
            "Göran",
            "Signe",
            "Håkan",
            "Tove",
        ],
        stems: &[
            "Lind", "Berg", "Ström", "Sand", "Lund", "Ek", "Hag", "Nord", "Söder", "Björk", "Gran", "Alm",
            "Holm", "Wester", "Öster", "Ahl", "Hed", "Dahl", "Ros", "Sjö", "Fors", "Kron", "Palm", "Ny",
            "Åker",
        ],
        endings: &[
            "ström", "berg", "gren", "qvist", "man", "stedt", "lund", "blad", "én", "roth", "felt", "mark",
        ],
        particles: &["", "", "", "", "", "af ", "von "],
    },
    Tradition {
        given: &[
            "Johann",
            "Maria",
            "Friedrich",
            "Elisabeth",
            "Wilhelm",
            "Katharina",
            "Heinrich",
            "Charlotte",
            "Karl",
            "Sophie",
            "Georg",
            "Dorothea",
            "Ludwig",
            "Käthe",
            "Ernst",
            "Jürgen",
            "Günther",
            "Luise",
            "Hermann",
            "Margarethe",
            "Otto",
            "Hannelore",
            "Matthias",
            "Clara",
            "Franz",
            "Theodor",
        ],
        stems: &[
            "Schmi", "Müll", "Schneid", "Fisch", "Web", "Wagn", "Beck", "Schulz", "Hoff", "Schäf", "Koch",
            "Bau", "Richt", "Klein", "Wolf", "Schröd", "Neu", "Schwar", "Zimm", "Brau", "Krüg", "Hart",
            "Lang", "Kais", "Fuchs", "Weiß", "Jung", "Hahn", "Vog", "Kell", "Stein", "Rot",
        ],
        endings: &[
            "er", "mann", "ermann", "hofer", "inger", "bach", "meier", "dorf", "stein", "ling", "ke", "wald",
        ],
        particles: &["", "", "", "", "", "von ", "von der ", "zu "],
    },
    Tradition {
        given: &[
            "John",
            "Mary",
            "William",
            "Elizabeth",
            "George",
            "Margaret",
            "Thomas",
            "Dorothy",
            "James",
            "Alice",
            "Charles",
            "Florence",
            "Henry",
            "Edith",
            "Robert",
            "Harriet",
            "Edward",
            "Winifred",
            "Joseph",
            "Beatrice",
            "Walter",
            "Eleanor",
            "Arthur",
            "Rosalind",
            "Percival",
            "Geoffrey",
        ],
        stems: &[
            "Ash", "Black", "Bar", "Carl", "Hard", "Hol", "Wal", "Wood", "Thorn", "Win", "Hart", "Ells",
            "Green", "Law", "Ham", "Stan", "Whit", "Wether", "Hutch", "Raw", "Mar", "Pem", "Shel", "Brad",
            "Kings", "Hather",
        ],
        endings: &[
            "ton", "ley", "well", "worth", "ford", "by", "son", "field", "ham", "ing", "croft", "more",
            "wick",
        ],
        particles: &[""],
    },
    Tradition {
        given: &[
            "Jean",
            "Marie",
            "Pierre",
            "Jeanne",
            "François",
            "Françoise",
            "Jacques",
            "Geneviève",
            "Étienne",
            "Hélène",
            "Michel",
            "Thérèse",
            "André",
            "Aimée",
            "René",
            "Mathilde",
            "Honoré",
            "Désirée",
            "Émile",
            "Céleste",
            "Gaston",
            "Léonie",
            "Théophile",
            "Zoé",
        ],
        stems: &[
            "Du", "La", "Beau", "Mont", "Cha", "Mar", "Ber", "Gau", "Fau", "Cler", "Bel", "Rous", "Lam",
            "Per", "Gir", "Mal", "Dela", "Vau", "Hé", "Bri", "Cor", "Dés", "Sau", "Tré", "Val", "Noi",
        ],
        endings: &[
            "champ", "bois", "mont", "tier", "ret", "nard", "ville", "sel", "rier", "don", "got", "vigne",
            "ère",
        ],
        particles: &["", "", "", "", "de ", "de la ", "du "],
    },
    Tradition {
        given: &[
            "Тарас",
            "Олександр",
            "Марія",
            "Іван",
            "Ганна",
            "Михайло",
            "Олена",
            "Петро",
            "Наталія",
            "Микола",
            "Софія",
            "Григорій",
            "Катерина",
            "Євген",
            "Людмила",
            "Юрій",
            "Оксана",
            "Василь",
            "Ірина",
            "Сергій",
            "Ярослав",
            "Соломія",
            "Богдан",
            "Лариса",
            "Андрій",
            "Валентина",
        ],
        stems: &[
            "Шевч",
            "Бонд",
            "Ковал",
            "Кравч",
            "Олій",
            "Ткач",
            "Полі",
            "Мельн",
            "Марч",
            "Руд",
            "Левч",
            "Савч",
            "Петр",
            "Хоменк",
            "Мороз",
            "Кузьм",
            "Гонч",
            "Яков",
            "Чорн",
            "Щерб",
            "Жук",
            "Юрч",
            "Зінч",
            "Гриц",
            "Федор",
            "Козач",
        ],
        endings: &["енко", "ук", "ик", "чук", "ський", "ець", "яненко", "ій", "овський", "ишин", "ар", "юк"],
        particles: &[""],
    },
];

/// Somebody, as the authority knows them.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub(crate) family: String,
    pub(crate) given: Vec<&'static str>,
    pub(crate) born: i16,
    cyrillic: bool,
}

impl Somebody {
    /// `Family, Given` in Latin letters.
    pub(crate) fn heading(&self) -> String {
        self.latin(&format!("{}, {}", self.family, self.given.join(" ")))
    }

    /// `Given Family` in Latin letters.
    pub(crate) fn direct(&self) -> String {
        self.latin(&format!("{} {}", self.given.join(" "), self.family))
    }

    fn latin(&self, text: &str) -> String {
        if self.cyrillic { romanised(text, Scheme::Library) } else { text.to_owned() }
    }
}

/// So many people, no two of one name.
pub(crate) fn people(count: usize, seed: u64) -> Vec<Somebody> {
    let mut dice = Dice::new(seed);
    let (mut people, mut met) = (Vec::with_capacity(count), HashSet::new());
    while people.len() < count {
        let number = dice.roll(TRADITIONS.len());
        let tradition = &TRADITIONS[number];
        let mut given = vec![dice.common(tradition.given)];
        // The more there are, the more second and third names there must be.
        while given.len() < 4 && dice.chance(if given.len() == 1 { 55 } else { 25 }) {
            let other = dice.of(tradition.given);
            if !given.contains(&other) {
                given.push(other);
            }
        }
        let mut family = format!("{}{}", dice.of(tradition.stems), dice.of(tradition.endings));
        if dice.chance(35) {
            // One more stem: names that are long and rare.
            family = format!("{}{}", dice.of(tradition.stems), family.to_lowercase());
        }
        if dice.chance(3) {
            family = format!("{family}-{}{}", dice.of(tradition.stems), dice.of(tradition.endings));
        }
        let family = format!("{}{family}", dice.of(tradition.particles));
        let born = 1700 + dice.roll(260) as i16;
        let somebody = Somebody { family, given, born, cyrillic: number == 5 };
        if met.insert(graph_reconcile::names::key(&somebody.heading())) {
            people.push(somebody);
        }
    }
    people
}

/// How somebody else writes the name: in either order, with one oddity and sometimes two.
pub(crate) fn noisy(somebody: &Somebody, dice: &mut Dice) -> String {
    let (mut given, mut family) =
        (somebody.given.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), somebody.family.clone());
    let mut scheme = Scheme::Library;
    let oddities = if dice.chance(25) { 2 } else { 1 };
    let mut typos = 0;
    for _ in 0..oddities {
        match dice.roll(6) {
            0 if given.len() > 1 => {
                given.remove(1 + dice.roll(given.len() - 1));
            }
            1 => {
                let from = dice.roll(given.len());
                for name in &mut given[from..] {
                    *name = name.chars().take(1).chain(['.']).collect();
                }
            }
            2 if somebody.cyrillic => {
                scheme = [Scheme::Cyrillic, Scheme::Scholarly, Scheme::Popular][dice.roll(3)];
            }
            2 => {
                given.iter_mut().for_each(|name| *name = without_diacritics(name));
                family = without_diacritics(&family);
            }
            _ => typos += 1,
        }
    }
    if somebody.cyrillic && scheme != Scheme::Cyrillic {
        family = romanised(&family, scheme);
        given.iter_mut().for_each(|name| *name = romanised(name, scheme));
    }
    for _ in 0..typos {
        let place = dice.roll(given.len() + 1);
        let word = given.get_mut(place).unwrap_or(&mut family);
        *word = mistyped(word, dice);
    }
    let given = given.join(" ");
    if dice.chance(50) { format!("{given} {family}") } else { format!("{family}, {given}") }
}

fn mistyped(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let place = 1 + dice.roll(letters.len() - 1);
    let other = (b'a' + dice.roll(26) as u8) as char;
    match dice.roll(4) {
        0 => letters[place] = other,
        1 => letters.insert(place, other),
        2 => {
            letters.remove(place);
        }
        _ if place + 1 < letters.len() => letters.swap(place, place + 1),
        _ => letters.swap(place - 1, place),
    }
    letters.into_iter().collect()
}

fn without_diacritics(text: &str) -> String {
    let plain = |letter: char| match letter {
        'ä' | 'å' | 'à' | 'â' => 'a',
        'Å' | 'Ä' => 'A',
        'ö' | 'ô' => 'o',
        'Ö' => 'O',
        'ü' | 'ù' => 'u',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' => 'E',
        'ç' => 'c',
        'ß' => 's',
        other => other,
    };
    text.chars().map(plain).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Cyrillic,
    Library,
    Scholarly,
    Popular,
}

fn romanised(text: &str, scheme: Scheme) -> String {
    let mut latin = String::new();
    for letter in text.chars() {
        let small: String = letter.to_lowercase().collect();
        let [library, scholarly, popular] = match small.as_str() {
            "а" => ["a"; 3],
            "б" => ["b"; 3],
            "в" => ["v"; 3],
            "г" => ["h", "h", "g"],
            "ґ" => ["g"; 3],
            "д" => ["d"; 3],
            "е" => ["e"; 3],
            "є" => ["ie", "je", "ye"],
            "ж" => ["zh", "ž", "zh"],
            "з" => ["z"; 3],
            "и" => ["y", "y", "i"],
            "і" => ["i"; 3],
            "ї" => ["i", "ji", "yi"],
            "й" => ["i", "j", "y"],
            "к" => ["k"; 3],
            "л" => ["l"; 3],
            "м" => ["m"; 3],
            "н" => ["n"; 3],
            "о" => ["o"; 3],
            "п" => ["p"; 3],
            "р" => ["r"; 3],
            "с" => ["s"; 3],
            "т" => ["t"; 3],
            "у" => ["u"; 3],
            "ф" => ["f"; 3],
            "х" => ["kh", "ch", "kh"],
            "ц" => ["ts", "c", "ts"],
            "ч" => ["ch", "č", "ch"],
            "ш" => ["sh", "š", "sh"],
            "щ" => ["shch", "šč", "shch"],
            "ь" => ["ʹ", "ʹ", ""],
            "ю" => ["iu", "ju", "yu"],
            "я" => ["ia", "ja", "ya"],
            other => {
                latin.push_str(other);
                continue;
            }
        };
        let written = match scheme {
            Scheme::Cyrillic => small.as_str(),
            Scheme::Library => library,
            Scheme::Scholarly => scholarly,
            Scheme::Popular => popular,
        };
        if letter.is_uppercase() {
            let mut letters = written.chars();
            latin.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            latin.push_str(letters.as_str());
        } else {
            latin.push_str(written);
        }
    }
    latin
}
