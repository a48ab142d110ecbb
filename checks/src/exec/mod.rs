//! `exec`: what does a program of your own say?
//!
//! Any program in any language is a probe: one that follows the Nagios plugin convention, or one that writes a document
//! of findings. It is run by its arguments, never by a shell, and what it says is believed only where its exit code, its
//! words and its numbers agree. Reading an exit code alone was rejected: a wrapper that loses it turns every failure green.

mod codes;
mod document;
mod evidence;
mod expect;
mod judge;
mod nagios;
mod performance;
mod settings;

pub use document::{Document, Reported};
pub use evidence::{Evidence, Said};
pub use expect::{Bound, Expect};
pub use nagios::Plugin;
pub use performance::{Metric, Range};
pub use settings::{Settings, Speaks};

use crate::{
    clients::program::{Ended, Program, Surroundings, Variables},
    contract::{Access, Code, Context, Finding, Invalid, Place, Probe, Unobserved, Window},
};

/// The probe.
pub struct Exec {
    program: Program,
    speaks: Speaks,
    site: Option<String>,
}

impl Probe for Exec {
    const KIND: &'static str = "exec";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        let Settings { command, speaks, folder, env, secret_env, inherit, limit } = settings;
        match command.first() {
            None => {
                return Err(Invalid::new("command", "an empty `command` runs nothing")
                    .help("write `command: [program, argument]`"));
            }
            Some(program) if program.trim().is_empty() => {
                return Err(Invalid::new("command.0", "a program has a name"));
            }
            Some(_) => {}
        }
        if let Some(at) = command.iter().position(|word| word.contains('\0')) {
            return Err(Invalid::new(&format!("command.{at}"), "no argument holds a zero byte"));
        }
        let around = Surroundings::of(place, "", folder, Variables { env, secret_env, inherit }, limit)?;
        let site = place.site().map(str::to_owned);
        Ok(Self { program: Program { command, around }, speaks, site })
    }

    fn access(&self) -> Vec<Access> {
        let run = Access::new("this machine", self.program.asked());
        std::iter::once(run).chain(self.program.around.access()).collect()
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let ran = cx.run(&self.program).await?;
        let by_hand = self.program.by_hand(&cx.reach().base);
        let said = match (self.speaks, ran.ended) {
            (Speaks::Nagios, _) => Said::Nagios(Plugin::read(&ran.stdout)),
            // What a program wrote that failed is no document, however it looks.
            (Speaks::Json, Ended::Exit(0)) => Said::Json(
                document::read(&ran.stdout, self.site.as_deref())
                    .map_err(|reason| reason.of(&ran.asked).by_hand(by_hand.clone()))?,
            ),
            (Speaks::Json, _) => Said::Nothing,
        };
        Ok(Evidence {
            asked: ran.asked.clone(),
            asked_at: ran.asked_at,
            by_hand,
            ended: ran.ended,
            complaint: ran.complaint.clone(),
            said,
        })
    }

    fn judge(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence)
    }

    fn working(expect: &Expect, evidence: &Evidence, _: &Window) -> Vec<String> {
        judge::working(expect, evidence)
    }
}
