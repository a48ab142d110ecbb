//! The worlds' servers, asked over their real protocols.
