//! The same edition in the catalogues of several libraries.
//!
//! Two records of one edition stay two records: each library says what it holds. What is found here is that they are of
//! the same edition, so that a page of the one leads to the other and both lead to one work.
//!
//! An edition is found by keys and judged by what its record says. A key is a standard number (ISBN, ISSN, ISMN, DOI, the
//! number of a union catalogue) or the title proper with the year. Who has a key in common is compared; nobody else is, so
//! that the work grows with the records and not with their pairs.
//!
//! A number alone links nothing: publishers give one ISBN to all volumes of a set, to two translations, to another book
//! years later; a series gives its ISSN to each of its books. Titles must agree as well, and what tells editions apart
//! (volume, language, carrier, the number of the edition) must not differ. Without a number, title, year and somebody who
//! is responsible for it must agree, and besides publisher or number of pages; two records that give ISBNs and none in
//! common are two editions.

mod compare;
mod edition;
mod texts;

#[cfg(test)]
mod tests;

pub use compare::{Grounds, Likeness, compare};
pub use edition::{Description, Edition};
pub use texts::proper;
