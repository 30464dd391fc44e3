//! What a generation knows by heart: its terms in order, its statements as sorted columns, words and places.

mod touch;

pub use touch::Touch;
