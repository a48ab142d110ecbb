//! A problem as a person sees it: the place, what is wrong, the line with a marker, and what to write instead.
//!
//! Whatever comes from a file is escaped, and a long line is cut around its marker; `miette` was rejected because it
//! draws frames that a screen reader reads aloud.

use anstyle::{AnsiColor, Style};
use gonogo_checks::contract::text::{Problem, Sources};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar as _;

/// The most problems that are shown: whoever has more has one mistake in many places.
const MOST: usize = 200;
/// The most columns of a line that are shown.
const WIDTH: usize = 72;
/// How many columns of a cut line are shown before the marker.
const BEFORE: usize = 20;

/// All problems, a blank line between them and their number under them; colours only where `is_coloured`.
#[must_use]
pub fn render_all(sources: &Sources, problems: &[Problem], is_coloured: bool) -> String {
    let mut text = String::new();
    for problem in problems.iter().take(MOST) {
        text.push_str(&render(sources, problem, is_coloured));
        text.push('\n');
    }
    if let Some(more @ 1..) = problems.len().checked_sub(MOST) {
        _ = writeln!(text, "and {more} more\n");
    }
    match problems.len() {
        1 => text.push_str("1 problem; nothing was looked at\n"),
        many => _ = writeln!(text, "{many} problems; nothing was looked at"),
    }
    text
}

/// One problem, ending with a line break.
#[must_use]
pub fn render(sources: &Sources, problem: &Problem, is_coloured: bool) -> String {
    let style = |style: Style| if is_coloured { style } else { Style::new() };
    let (bold, help) = (style(Style::new().bold()), style(Style::new().fg_color(Some(AnsiColor::Cyan.into()))));
    let mark = style(Style::new().bold().fg_color(Some(AnsiColor::Red.into())));
    let at = problem.at;
    let name = sources.of(at).map_or("", |source| source.name.as_str());
    let place = if at.line == 0 { visible(name) } else { format!("{}:{}:{}", visible(name), at.line, at.col) };
    let message = visible(&problem.message);
    let mut text =
        if place.is_empty() { format!("{message}\n") } else { format!("{bold}{place}{bold:#}: {message}\n") };
    let number = at.line.to_string();
    let gutter = " ".repeat(number.len());
    if at.line > 0 {
        let Excerpt { line, indent, marker } = excerpt(sources.line(at), at.col as usize, at.len as usize);
        _ = writeln!(text, " {number} | {line}");
        _ = writeln!(text, " {gutter} | {}{mark}{}{mark:#}", " ".repeat(indent), "^".repeat(marker));
    }
    if let Some(said) = &problem.help {
        let gutter = if at.line > 0 { gutter.as_str() } else { "" };
        _ = writeln!(text, " {gutter} = {help}help:{help:#} {}", visible(said));
    }
    text
}

struct Excerpt {
    line: String,
    indent: usize,
    marker: usize,
}

/// The part of a line around its marker; `col` counts characters from 1.
fn excerpt(line: &str, col: usize, len: usize) -> Excerpt {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let cells: Vec<(String, usize)> = line.chars().map(cell).collect();
    let first = col.saturating_sub(1).min(cells.len());
    let last = (first + len).min(cells.len());
    let width = |cells: &[(String, usize)]| cells.iter().map(|(_, width)| width).sum::<usize>();
    let mut start = 0;
    if width(&cells) > WIDTH {
        let mut before = width(&cells[..first]);
        while before > BEFORE {
            before -= cells[start].1;
            start += 1;
        }
    }
    let mut end = start;
    let mut used = 0;
    while end < cells.len() && used + cells[end].1 <= WIDTH {
        used += cells[end].1;
        end += 1;
    }
    let shown: String = cells[start..end].iter().map(|(text, _)| text.as_str()).collect();
    let (left, right) = (if start > 0 { "…" } else { "" }, if end < cells.len() { "…" } else { "" });
    Excerpt {
        line: format!("{left}{shown}{right}"),
        indent: width(&cells[start..first]) + usize::from(start > 0),
        marker: width(&cells[first..last.min(end).max(first)]).max(1),
    }
}

/// A character as it is shown, and how many columns that takes.
fn cell(c: char) -> (String, usize) {
    match c {
        '\t' => ("    ".to_owned(), 4),
        c if is_visible(c) => (c.to_string(), c.width().unwrap_or(1)),
        c => {
            let escaped = c.escape_unicode().to_string();
            let width = escaped.len();
            (escaped, width)
        }
    }
}

/// Text with everything that could move the cursor, hide or reorder it made visible.
fn visible(text: &str) -> String {
    text.chars().map(|c| if is_visible(c) { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

fn is_visible(c: char) -> bool {
    let reorders =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let hides = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !(c.is_control() || reorders || hides)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gonogo_checks::contract::text::{At, Source};

    fn shown(text: &str, line: u32, col: u32, len: u32) -> String {
        let mut sources = Sources::default();
        let file = sources.add(Source { name: "gonogo.yaml".into(), text: text.into(), folder: None });
        render(&sources, &Problem::new(At { file, line, col, len }, "it is wrong").help("mend it"), false)
    }

    #[test]
    fn the_marker_stands_under_what_is_meant() {
        assert_eq!(
            shown("a: 1\nb: two\n", 2, 4, 3),
            "gonogo.yaml:2:4: it is wrong\n 2 | b: two\n   |    ^^^\n   = help: mend it\n"
        );
        assert_eq!(shown("幅: x", 1, 4, 1).lines().nth(2), Some("   |     ^"));
        assert_eq!(shown("a:\tx", 1, 4, 1).lines().nth(2), Some("   |       ^"));
    }

    #[test]
    fn what_could_steer_a_terminal_is_shown_as_text() {
        let shown = shown("a: \u{1b}[31m\u{202e}x", 1, 4, 1);
        assert!(shown.contains(r"a: \u{1b}[31m\u{202e}x"), "{shown}");
        assert_eq!(shown.lines().nth(2), Some("   |    ^^^^^^"));
    }

    #[test]
    fn a_long_line_is_cut_around_its_marker() {
        let text = format!("{{ {}wrong: 1, {} }}", "key: value, ".repeat(2_000), "more: 1, ".repeat(2_000));
        let shown = shown(&text, 1, 24_003, 5);
        assert!(shown.lines().all(|line| line.chars().count() < 120), "{shown}");
        let (line, marker) = (shown.lines().nth(1).expect("a line"), shown.lines().nth(2).expect("a marker"));
        let column = marker.chars().position(|c| c == '^').expect("a marker");
        assert_eq!(line.chars().skip(column).take(5).collect::<String>(), "wrong");
    }

    #[test]
    fn a_place_outside_the_text_is_no_panic() {
        for (line, col, len) in [(0, 0, 0), (9, 9, 9), (1, 99, 3), (1, 0, u32::MAX), (u32::MAX, u32::MAX, u32::MAX)] {
            assert!(shown("a: 1", line, col, len).contains("it is wrong"));
        }
        assert!(render(&Sources::default(), &Problem::new(At::default(), "x"), true).starts_with('x'));
    }

    #[test]
    fn colours_are_added_only_on_request() {
        let mut sources = Sources::default();
        sources.add(Source { name: "f".into(), text: "a".into(), folder: None });
        let problem = Problem::new(At { file: 0, line: 1, col: 1, len: 1 }, "x").help("y");
        assert!(render(&sources, &problem, true).contains('\u{1b}'));
        assert!(!render_all(&sources, &[problem.clone(), problem], false).contains('\u{1b}'));
    }
}
