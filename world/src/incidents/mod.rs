//! Incidents that happened: each a world as it was before, and as it should have been.
