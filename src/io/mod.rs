//! Effects: everything that touches the world outside the compiler.

pub mod worker;
