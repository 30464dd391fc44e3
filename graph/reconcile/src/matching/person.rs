//! The names of two people, word by word, in whatever order they stand.

use super::edit::near;
use super::features::{Family, Features, Generation, Given, Length, Patronymic, Qualifier};
use crate::names::{Name, Part, PartKind, QuickMap};
use std::sync::LazyLock;

/// More words than this are no person's name; the others are not looked at.
const MOST: usize = 12;

/// Forms of given names and the name that stands for them.
static FORMS: LazyLock<QuickMap<&'static str, &'static str>> =
    LazyLock::new(|| vocabularies::names::given().collect());

/// How two words agree, the better the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Near,
    Variant,
    Initial,
    Spelled,
    Same,
}

/// Compares two names of people.
pub(super) fn compare(one: &Name, other: &Name, features: &mut Features) {
    let (left, right) = (Side::new(one), Side::new(other));
    let pairs = align(&left, &right);
    features.set(family(&left, &right, &pairs));
    features.set(given(&left, &right, &pairs));
    features.set(patronymic(&left, &right, &pairs));
    features.set(generation(one, other));
    features.set(qualifier(one, other));
    let full = pairs.iter().flatten().filter(|(_, fit)| *fit >= Fit::Spelled).count();
    features.set(match full {
        0 => Length::unknown,
        1 => Length::one,
        2 => Length::two,
        _ => Length::more,
    });
}

/// The words of a name that are compared.
struct Side<'n> {
    name: &'n Name,
    parts: [Option<&'n Part>; MOST],
    count: usize,
}

impl<'n> Side<'n> {
    fn new(name: &'n Name) -> Self {
        let mut side = Self { name, parts: [None; MOST], count: 0 };
        let told = |part: &&Part| {
            matches!(
                part.kind,
                PartKind::Family
                    | PartKind::Given
                    | PartKind::Initial
                    | PartKind::Patronymic
                    | PartKind::Word
            )
        };
        for part in name.parts().iter().filter(told).take(MOST) {
            side.parts[side.count] = Some(part);
            side.count += 1;
        }
        side
    }

    fn parts(&self) -> impl Iterator<Item = (usize, &'n Part)> + '_ {
        self.parts.iter().enumerate().filter_map(|(place, part)| Some((place, (*part)?)))
    }

    fn is(&self, place: usize, kind: PartKind) -> bool {
        self.parts.get(place).copied().flatten().is_some_and(|part| part.kind == kind)
    }
}

/// For each word of the left name the word of the right one that it agrees with, and how.
type Pairs = [Option<(usize, Fit)>; MOST];

/// Pairs the words, the best agreements first, each word once; of equal ones those of the same kind, then the first.
fn align(left: &Side<'_>, right: &Side<'_>) -> Pairs {
    let mut fits = [[None; MOST]; MOST];
    for (a, part) in left.parts() {
        for (b, other) in right.parts() {
            fits[a][b] = fit(left.name, part, right.name, other).map(|fit| (fit, part.kind == other.kind));
        }
    }
    let mut pairs: Pairs = [None; MOST];
    let mut taken = [false; MOST];
    for _ in 0..left.count.min(right.count) {
        let mut best: Option<((Fit, bool), usize, usize)> = None;
        for (a, row) in fits.iter().enumerate().take(left.count).filter(|(a, _)| pairs[*a].is_none()) {
            for (b, fit) in row.iter().enumerate().take(right.count).filter(|(b, _)| !taken[*b]) {
                if let Some(fit) = fit
                    && best.is_none_or(|(found, _, _)| *fit > found)
                {
                    best = Some((*fit, a, b));
                }
            }
        }
        let Some(((fit, _), a, b)) = best else { break };
        pairs[a] = Some((b, fit));
        taken[b] = true;
    }
    pairs
}

fn fit(one: &Name, part: &Part, other: &Name, another: &Part) -> Option<Fit> {
    let initials = (part.kind == PartKind::Initial, another.kind == PartKind::Initial);
    let (a, b) = (one.folded(part), other.folded(another));
    match initials {
        (true, true) => {
            return (a == b || one.spelled(part) == other.spelled(another)).then_some(Fit::Initial);
        }
        (true, false) => return begins(other, another, one, part).then_some(Fit::Initial),
        (false, true) => return begins(one, part, other, another).then_some(Fit::Initial),
        (false, false) => {}
    }
    if a == b {
        return Some(Fit::Same);
    }
    if one.spelled(part) == other.spelled(another) {
        return Some(Fit::Spelled);
    }
    let family = part.kind == PartKind::Family && another.kind == PartKind::Family;
    if !family && is_form(a, b) {
        return Some(Fit::Variant);
    }
    near(a, b).then_some(Fit::Near)
}

/// Whether a full name may be what the initial stands for; by the given name's other forms too (`W.` for `Bill`).
fn begins(full: &Name, part: &Part, short: &Name, initial: &Part) -> bool {
    if part.kind == PartKind::Family {
        return false;
    }
    let (name, letters) = (full.folded(part), short.folded(initial));
    name.starts_with(letters)
        || full.spelled(part).starts_with(short.spelled(initial))
        || FORMS.get(name).is_some_and(|head| head.starts_with(letters))
}

/// Whether two given names are forms of one: `Bill` and `William`, `Ed` and `Edward`.
fn is_form(one: &str, other: &str) -> bool {
    let head = |name| FORMS.get(name).copied();
    if let Some(form) = head(one)
        && head(other) == Some(form)
    {
        return true;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.len() >= 2 && long.len() >= short.len() + 2 && long.starts_with(short) && short.is_ascii()
}

fn family(left: &Side<'_>, right: &Side<'_>, pairs: &Pairs) -> Family {
    let all = |kind| left.parts().chain(right.parts()).any(|(_, part)| part.kind == kind);
    if !all(PartKind::Family) {
        return Family::unknown;
    }
    let (mut worst, mut matched, mut missing, mut crossed, mut together) = (Fit::Same, 0, 0, 0, 0);
    let mut see = |own: bool, opposite: bool, fit: Option<Fit>| {
        if !own && !opposite {
            return;
        }
        match fit {
            Some(fit) if fit != Fit::Initial && fit != Fit::Variant => {
                matched += 1;
                worst = worst.min(fit);
                if own && opposite {
                    together += 1;
                } else {
                    crossed += 1;
                }
            }
            _ => missing += 1,
        }
    };
    let mut found = [false; MOST];
    for (place, part) in left.parts() {
        let pair = pairs[place];
        if let Some((to, _)) = pair {
            found[to] = true;
        }
        let opposite = pair.is_some_and(|(to, _)| right.is(to, PartKind::Family));
        see(part.kind == PartKind::Family, opposite, pair.map(|(_, fit)| fit));
    }
    for (place, part) in right.parts().filter(|(place, _)| !found[*place]) {
        see(part.kind == PartKind::Family && !found[place], false, None);
    }
    match (matched, missing) {
        (0, _) => Family::different,
        (_, 1..) if together > 0 => Family::part,
        (_, 1..) => Family::different,
        _ if together == 0 && crossed > 0 => Family::crossed,
        _ => match worst {
            Fit::Same => Family::same,
            Fit::Spelled => Family::spelled,
            _ => Family::near,
        },
    }
}

fn given(left: &Side<'_>, right: &Side<'_>, pairs: &Pairs) -> Given {
    let is_given = |part: &Part| matches!(part.kind, PartKind::Given | PartKind::Initial);
    let count = |side: &Side<'_>| side.parts().filter(|(_, part)| is_given(part)).count();
    let (ours, theirs) = (count(left), count(right));
    if ours == 0 && theirs == 0 {
        return Given::unknown;
    }
    if ours == 0 || theirs == 0 {
        return Given::missing;
    }
    let (mut same, mut initial, mut variant, mut close) = (0, 0, 0, 0);
    let mut found = [false; MOST];
    let (mut open_full, mut open_initial) = ([0_usize; 2], [0_usize; 2]);
    let mut open = |side: usize, part: &Part| {
        if part.kind == PartKind::Initial { open_initial[side] += 1 } else { open_full[side] += 1 }
    };
    for (place, part) in left.parts() {
        let Some((to, fit)) = pairs[place] else {
            if is_given(part) {
                open(0, part);
            }
            continue;
        };
        found[to] = true;
        if !is_given(part) && !right.parts[to].is_some_and(is_given) {
            continue;
        }
        match fit {
            Fit::Same | Fit::Spelled => same += 1,
            Fit::Initial => initial += 1,
            Fit::Variant => variant += 1,
            Fit::Near => close += 1,
        }
    }
    for (_, part) in right.parts().filter(|(place, part)| !found[*place] && is_given(part)) {
        open(1, part);
    }
    // Names or initials that stay over on both sides contradict each other.
    let contradicts = open_full[0] + open_initial[0] > 0 && open_full[1] + open_initial[1] > 0;
    if contradicts {
        let initials = open_full[0] == 0 || open_full[1] == 0;
        return if initials { Given::initials_differ } else { Given::different };
    }
    let over = open_full.iter().chain(&open_initial).sum::<usize>();
    match (same, initial, variant, close) {
        (0, 0, 0, 0) => Given::different,
        (_, _, _, 1..) => Given::near,
        (_, _, 1.., _) => Given::variant,
        // `Wyeth, N. C.`: the same letters on both sides, and nothing over.
        (0, 2.., _, _) if over == 0 && all_initials(left) && all_initials(right) => Given::letters,
        (0, _, _, _) => Given::initials,
        // The first names agree, the further ones of one side the other does not tell.
        _ if over > 0 => Given::fewer,
        (_, 1.., _, _) => Given::partly,
        (1, ..) => Given::same,
        _ => Given::several,
    }
}

/// Whether all given names are initials.
fn all_initials(side: &Side<'_>) -> bool {
    side.parts().all(|(_, part)| part.kind != PartKind::Given)
}

fn patronymic(left: &Side<'_>, right: &Side<'_>, pairs: &Pairs) -> Patronymic {
    let of = |side: &Side<'_>| {
        side.parts().find(|(_, part)| part.kind == PartKind::Patronymic).map(|(place, _)| place)
    };
    let (ours, theirs) = (of(left), of(right));
    let agrees = |fit: Fit| match fit {
        Fit::Initial => Patronymic::initial,
        // The endings of Russian and Ukrainian differ: `Grigorovich`, `Hryhorovych`.
        Fit::Same | Fit::Spelled | Fit::Near | Fit::Variant => Patronymic::same,
    };
    match (ours, theirs) {
        (Some(place), Some(_)) => pairs[place].map_or(Patronymic::different, |(_, fit)| agrees(fit)),
        (Some(place), None) => pairs[place].map_or(Patronymic::unknown, |(_, fit)| agrees(fit)),
        (None, Some(place)) => {
            let pair = pairs.iter().flatten().find(|(to, _)| *to == place);
            pair.map_or(Patronymic::unknown, |(_, fit)| agrees(*fit))
        }
        (None, None) => Patronymic::unknown,
    }
}

fn generation(one: &Name, other: &Name) -> Generation {
    fn of(name: &Name) -> Option<(PartKind, &str)> {
        name.parts().iter().find_map(|part| match part.kind {
            PartKind::Number => Some((PartKind::Number, name.folded(part))),
            PartKind::Younger | PartKind::Elder => Some((part.kind, "")),
            _ => None,
        })
    }
    match (of(one), of(other)) {
        (None, None) => Generation::unknown,
        (Some(a), Some(b)) if a == b => Generation::same,
        (Some(_), Some(_)) => Generation::different,
        _ => Generation::one_sided,
    }
}

/// Compares what stands in brackets.
pub(super) fn qualifier(one: &Name, other: &Name) -> Qualifier {
    let count = |name: &Name| name.of(PartKind::Qualifier).count();
    match (count(one), count(other)) {
        (0, 0) => Qualifier::unknown,
        (0, _) | (_, 0) => Qualifier::one_sided,
        _ if one.of(PartKind::Qualifier).any(|word| other.of(PartKind::Qualifier).any(|met| met == word)) => {
            Qualifier::same
        }
        _ => Qualifier::different,
    }
}
