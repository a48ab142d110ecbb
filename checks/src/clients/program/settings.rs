//! What is around a program: its folder, its variables, its time. Shared by every probe that runs one.

use crate::contract::{Access, Invalid, Place, Secret, SecretRef, text::Placed, values::Period};
use indexmap::IndexMap;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The longest that a program may take, however much is asked for: half a run of the longest sort.
const LONGEST: Period = Period::seconds(30 * 60);

/// The variables of a program, as a checklist writes them.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// Their values.
    pub env: IndexMap<String, String>,
    /// Where their values are, for those that are secrets.
    pub secret_env: IndexMap<String, Placed<SecretRef>>,
    /// Those that it gets as gonogo itself has them.
    pub inherit: Vec<String>,
}

/// The folder, the variables and the time of a program.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Its working folder, from the checklist's; that one itself unless said.
    pub folder: Option<PathBuf>,
    /// Variables and their values.
    pub env: BTreeMap<String, String>,
    /// Variables whose values are secrets.
    pub secret_env: Vec<(String, Secret)>,
    /// Variables that it gets as gonogo itself has them.
    pub inherit: Vec<String>,
    /// How long it may take.
    pub limit: Period,
}

impl Surroundings {
    /// Reads them from a probe's settings; no I/O.
    ///
    /// # Errors
    /// A name that no variable has, a variable that is named twice, or no time.
    pub fn of(
        place: &Place,
        at: &str,
        folder: Option<PathBuf>,
        variables: Variables,
        limit: Period,
    ) -> Result<Self, Invalid> {
        let Variables { env, secret_env, inherit } = variables;
        let under = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
        let mut known = Vec::new();
        let named = env.keys().map(|name| ("env", name)).chain(secret_env.keys().map(|name| ("secret_env", name)));
        for (key, name) in named.chain(inherit.iter().map(|name| ("inherit", name))) {
            if !is_variable(name) {
                return Err(Invalid::new(&under(key), format!("`{name}` is no name of a variable"))
                    .help("a name has letters, digits and `_`, and begins with no digit"));
            }
            if known.contains(&name) {
                return Err(Invalid::new(&under(key), format!("the variable `{name}` is named twice")));
            }
            known.push(name);
        }
        if let Some((name, _)) = env.iter().find(|(_, value)| value.contains('\0')) {
            return Err(Invalid::new(&under("env"), format!("the value of `{name}` holds a zero byte")));
        }
        if limit.0.is_zero() || limit > LONGEST {
            return Err(Invalid::new(&under("limit"), format!("`{limit}` is no time for a program"))
                .help(format!("write something up to {LONGEST}; the check's own `timeout:` must be longer")));
        }
        let secret_env = secret_env.iter().map(|(name, source)| (name.clone(), place.secret(source))).collect();
        Ok(Self { folder, env: env.into_iter().collect(), secret_env, inherit, limit })
    }

    /// What reading its secrets takes.
    #[must_use]
    pub fn access(&self) -> Vec<Access> {
        let read = |(_, secret): &(String, Secret)| Access::new("this machine", format!("reading {}", secret.source()));
        self.secret_env.iter().map(read).collect()
    }

    /// The names of its variables.
    pub(super) fn names(&self) -> Vec<&str> {
        let secret = self.secret_env.iter().map(|(name, _)| name.as_str());
        self.env.keys().map(String::as_str).chain(secret).chain(self.inherit.iter().map(String::as_str)).collect()
    }

    /// Its working folder.
    pub(super) fn folder(&self, base: &Path) -> PathBuf {
        let folder = self.folder.as_ref().map_or_else(|| base.to_owned(), |folder| base.join(folder));
        if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|letter: char| letter.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
