//! The coverage as a page of Markdown, and as a list for a terminal.

use super::lay::{Answer, Coverage, Covered, How};
use crate::report::{shown, wrap};
use std::fmt::Write as _;

const KINDS: [How; 5] = [How::Automatic, How::Partly, How::Attested, How::Later, How::Nothing];

/// The page, for version control.
#[must_use]
pub fn page(coverage: &Coverage<'_>) -> String {
    let mut out = format!("# Coverage\n\n{}.\n", counts(coverage));
    let tests = coverage.shown_in.map_or_else(String::new, |place| format!(" ([the tests]({place}))"));
    let _ = write!(
        out,
        "\nWritten by `gonogo coverage --markdown` from the checks' `covers:` and from `rows.yaml`. *Automatic*: looks alone\n\
         decide. *Partly*: a person confirms the rest, or some of it is left, which is said. *Attested*: by a person's word.\n\
         *Later*: not looked at yet. The last column names what each check is shown to fail with, where one thing is wrong in\n\
         a world in which it passes{tests}.\n",
    );
    for (title, rows) in &coverage.parts {
        let _ = write!(
            out,
            "\n## {}\n\n| row | what | must hold | how | checks | shown failing with |\n|---|---|---|---|---|---|\n",
            shown::markdown(title)
        );
        for row in rows {
            out.push_str(&line(row));
        }
    }
    section(&mut out, "What nothing covers", coverage.rows().filter(|row| row.how() == How::Nothing).map(|row| row.id));
    section(&mut out, "Checks beyond the rows", coverage.beyond.iter().copied());
    out
}

/// A line a row, and what is missing.
#[must_use]
pub fn list(coverage: &Coverage<'_>, width: usize) -> String {
    let mut out = String::new();
    for row in coverage.rows() {
        let checks: Vec<&str> = row.answers.iter().map(|answer| answer.check).collect();
        let by = match (checks.is_empty(), &row.row.later) {
            (true, Some(later)) => later.clone(),
            (true, None) => row.row.elsewhere.join(", "),
            (false, _) => checks.join(", "),
        };
        let colon = if by.is_empty() { "" } else { ": " };
        let text = format!("{:4} {:9}  {}{colon}{by}", row.id, row.how().word(), row.row.item);
        for line in wrap::hanging(&shown::line(&text), width, &" ".repeat(16)) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    let _ = writeln!(out, "\n{}", counts(coverage));
    out
}

fn counts(coverage: &Coverage<'_>) -> String {
    let kinds = KINDS.map(|how| (how, coverage.count(how))).into_iter().filter(|(_, count)| *count > 0);
    let kinds: Vec<String> = kinds.map(|(how, count)| format!("{count} {}", how.word())).collect();
    format!("{} rows: {}", coverage.rows().count(), kinds.join(", "))
}

fn line(row: &Covered<'_>) -> String {
    let mut holds = shown::markdown(&row.row.holds);
    if let Some(left) = &row.row.left {
        let _ = write!(holds, ". *Left:* {}", shown::markdown(left));
    }
    let mut checks: Vec<String> = row.answers.iter().map(check).collect();
    checks.extend(row.row.elsewhere.iter().map(|path| elsewhere(path)));
    checks.extend(row.row.later.iter().map(|later| format!("*{}*", shown::markdown(later))));
    let fails = row.answers.iter().filter(|answer| !answer.shown.is_empty());
    let codes =
        |answer: &Answer<'_>| answer.shown.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
    let fails: Vec<String> = fails.map(|answer| format!("{}: {}", answer.check, codes(answer))).collect();
    let cells = [
        row.id.to_owned(),
        shown::markdown(&row.row.item),
        holds,
        row.how().word().to_owned(),
        checks.join("<br>"),
        fails.join("<br>"),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn check(answer: &Answer<'_>) -> String {
    let name = format!("`{}`", answer.check);
    match (answer.is_attested, answer.is_after) {
        (false, false) => name,
        (true, false) => format!("{name} (a person)"),
        (false, true) => format!("{name} (after)"),
        (true, true) => format!("{name} (a person, after)"),
    }
}

/// `../knative-builds/gonogo.yaml#pvc-flags` as a link.
fn elsewhere(path: &str) -> String {
    let (file, check) = path.split_once('#').unwrap_or((path, path));
    format!("[`{check}`]({file})")
}

fn section<'a>(out: &mut String, title: &str, names: impl Iterator<Item = &'a str>) {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let text = if names.is_empty() { "Nothing.".to_owned() } else { format!("{}.", names.join(", ")) };
    let _ = write!(out, "\n## {title}\n\n");
    for line in wrap::hanging(&text, 120, "") {
        let _ = writeln!(out, "{line}");
    }
}
