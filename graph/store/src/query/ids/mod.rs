//! Evaluation over the ids of a generation's index.

mod expression;
mod rows;
