//! Dates: what is displayed, and the earliest and latest date beside it.

use super::draft::Draft;
use super::field;
use crate::shared::dates;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, TimeSpan};

/// A date as read.
#[derive(Debug)]
pub(super) struct Dated {
    /// `None` when nobody could read it.
    pub(super) span: Option<TimeSpan>,
    /// What was written.
    pub(super) written: String,
}

/// Reads an element with `displayDate` and `date`. `None` when it says nothing.
pub(super) fn read(draft: &mut Draft<'_, '_>, element: ElementRef<'_>) -> Option<Dated> {
    let display = field::text(element, "displayDate");
    let bound = |name: &str| -> Option<String> {
        let mut texts = element.path(name).map(|bound| bound.text().into_owned());
        texts.find(|text| !text.is_empty())
    };
    let (earliest, latest) = (bound("date/earliestDate"), bound("date/latestDate"));
    let (begin, end) = (earliest.unwrap_or_default(), latest.unwrap_or_default());
    let bounded = !begin.is_empty() || !end.is_empty();
    let shown = display.as_ref().and_then(|label| dates::read_date(&label.text, label.language));
    let span = match bounded.then(|| dates::from_bounds(&begin, &end)).flatten() {
        // The words may know more than the two bounds, such as "circa".
        Some(bounds) => match shown {
            Some(shown) if shown.begin == bounds.begin && shown.end == bounds.end => Some(shown),
            _ => Some(bounds),
        },
        None => {
            if bounded {
                draft.out.issue(
                    IssueKind::ImpossibleDate,
                    &format!("{begin}/{end}"),
                    "an earliest date that is not after the latest",
                );
            }
            shown
        }
    };
    let written = match display {
        Some(label) => label.text.into_owned(),
        None if !bounded => return None,
        None if begin == end => begin,
        None => format!("{begin}/{end}"),
    };
    if span.is_none() && !bounded {
        draft.out.issue(IssueKind::UnreadableDate, &written, "a date such as 1891, c. 1890 or 1890/1895");
    }
    Some(Dated { span, written })
}
