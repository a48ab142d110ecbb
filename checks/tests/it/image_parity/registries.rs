//! The OCI client: sign-in, absence, and what may not leave a host.

use super::*;
