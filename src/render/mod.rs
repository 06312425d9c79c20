//! Drawing: models come in, markup goes out. Nothing here reads a file, a clock or the network.

pub mod diagram;
