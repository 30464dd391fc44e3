//! Evaluation over the ids of a generation's index.

mod rows;
