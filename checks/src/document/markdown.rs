//! The document as Markdown: its links, its code and its headings, each with the line that it stands in.

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::LazyLock,
};

/// The languages of blocks that hold commands; a block without a language may too.
const SHELLS: [&str; 10] =
    ["", "sh", "bash", "shell", "zsh", "console", "shell-session", "shellsession", "sh-session", "terminal"];
/// A URL within running text.
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"https?://[^\s<>"'`|\\^{}]+"#).ok());
/// Where an HTML tag leads, or what it is called.
static TAGS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\b(href|src|id|name)\s*=\s*["']([^"']+)["']"#).ok());

/// One piece of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A block of commands.
    Script(String),
    /// Code within a line.
    Inline(String),
    /// Where a link or a picture leads.
    Link(String),
    /// A link whose target is nowhere given: its label.
    Dangling(String),
}

/// The document, taken apart.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// With the line in which each begins, in their order.
    pub(super) all: Vec<(usize, Piece)>,
    pub(super) anchors: BTreeSet<String>,
    pub(super) lines: usize,
}

/// Takes it apart.
pub(super) fn read(text: &str) -> Pieces {
    let mut reader = Reader::new(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut dangling: Vec<(Range<usize>, String)> = Vec::new();
    let on_broken = |link: BrokenLink<'_>| {
        // `[x]` alone is a box that is ticked, or plain text; `[x][y]` is meant as a link.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            dangling.push((link.span, link.reference.into_string()));
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    for (event, span) in Parser::new_with_broken_link_callback(text, options, Some(on_broken)).into_offset_iter() {
        reader.take(event, span);
    }
    for (span, label) in dangling {
        // `a[0][1]` is no link either.
        if label.len() > 1 && label.contains(char::is_alphabetic) {
            reader.push(span.start, Piece::Dangling(label));
        }
    }
    reader.done()
}

struct Reader {
    /// Where each line begins.
    starts: Vec<usize>,
    found: Pieces,
    block: Option<Block>,
    heading: Option<Heading>,
    is_metadata: bool,
    in_link: usize,
    slugs: BTreeMap<String, usize>,
}

struct Block {
    is_shell: bool,
    start: Option<usize>,
    text: String,
}

struct Heading {
    id: Option<String>,
    text: String,
}

impl Reader {
    fn new(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let found = Pieces { lines: text.lines().count(), ..Pieces::default() };
        Self { starts, found, block: None, heading: None, is_metadata: false, in_link: 0, slugs: BTreeMap::new() }
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn push(&mut self, at: usize, piece: Piece) {
        let line = self.line(at);
        self.found.all.push((line, piece));
    }

    fn take(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(tag, &span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, &span),
            Event::Code(code) => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push_str(&code);
                }
                self.push(span.start, Piece::Inline(code.into_string()));
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, &span),
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push(' ');
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>, span: &Range<usize>) {
        match tag {
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or_default().to_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                let is_shell = SHELLS.contains(&language.as_str());
                self.block = Some(Block { is_shell, start: None, text: String::new() });
            }
            Tag::Heading { id, .. } => {
                self.heading = Some(Heading { id: id.map(CowStr::into_string), text: String::new() });
            }
            Tag::MetadataBlock(_) => self.is_metadata = true,
            Tag::Link { dest_url, .. } => {
                self.in_link += 1;
                self.push(span.start, Piece::Link(dest_url.into_string()));
            }
            Tag::Image { dest_url, .. } => self.push(span.start, Piece::Link(dest_url.into_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                if let Some(Block { is_shell, start: Some(start), text }) = self.block.take()
                    && (is_shell || has_commands(&text))
                {
                    self.push(start, Piece::Script(text));
                }
            }
            TagEnd::Heading(_) => {
                if let Some(heading) = self.heading.take() {
                    self.anchor(heading);
                }
            }
            TagEnd::MetadataBlock(_) => self.is_metadata = false,
            TagEnd::Link => self.in_link = self.in_link.saturating_sub(1),
            _ => {}
        }
    }

    fn anchor(&mut self, heading: Heading) {
        let slug = slug(&heading.text);
        let seen = self.slugs.entry(slug.clone()).or_insert(0);
        let name = if *seen == 0 { slug } else { format!("{slug}-{seen}") };
        *seen += 1;
        self.found.anchors.insert(name);
        self.found.anchors.extend(heading.id);
    }

    fn text(&mut self, text: &str, span: &Range<usize>) {
        if let Some(block) = &mut self.block {
            block.start.get_or_insert(span.start);
            block.text.push_str(text);
            return;
        }
        if self.is_metadata {
            return;
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        if self.in_link > 0 {
            return;
        }
        let bare = BARE.as_ref().into_iter().flat_map(|bare| bare.find_iter(text));
        let urls: Vec<String> = bare.map(|url| trimmed(url.as_str())).collect();
        for url in urls {
            self.push(span.start, Piece::Link(url));
        }
    }

    fn html(&mut self, html: &str, span: &Range<usize>) {
        let found = TAGS.as_ref().into_iter().flat_map(|tags| tags.captures_iter(html));
        let found: Vec<(String, String)> = found.map(|tag| (tag[1].to_lowercase(), tag[2].to_owned())).collect();
        for (attribute, value) in found {
            if matches!(attribute.as_str(), "href" | "src") {
                self.push(span.start, Piece::Link(value));
            } else {
                self.found.anchors.insert(value);
            }
        }
    }

    fn done(mut self) -> Pieces {
        self.found.all.sort_by_key(|(line, _)| *line);
        self.found
    }
}

/// True for a block in which a line is a command though its language is another's, or nobody's.
fn has_commands(block: &str) -> bool {
    let is_command = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("$ ").unwrap_or(line);
        ["kubectl ", "helm ", "curl "].iter().any(|program| line.starts_with(program))
    };
    block.lines().any(is_command)
}

/// A URL in running text without the punctuation that ends the sentence.
fn trimmed(url: &str) -> String {
    let mut url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']);
    while url.ends_with(')') && url.matches(')').count() > url.matches('(').count() {
        url = url[..url.len() - 1].trim_end_matches(['.', ',']);
    }
    url.to_owned()
}

/// The anchor that GitHub gives to a heading.
fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_and_every_command_has_its_line() {
        let text = "# The `x` title!\n\nSee [this](https://a.test/x) and https://b.test/y. Or (https://c.test).\n\n1. Do:\n\n   ```sh\n   one\n   two\n   ```\n\n`inline` <a href=\"#z\" id='own'>z</a>\n\n```yaml\nno: https://d.test\n```\n[gone][nowhere] - [x] done\n";
        let found = read(text);
        let wanted = [
            (1, Piece::Inline("x".to_owned())),
            (3, Piece::Link("https://a.test/x".to_owned())),
            (3, Piece::Link("https://b.test/y".to_owned())),
            (3, Piece::Link("https://c.test".to_owned())),
            (8, Piece::Script("one\ntwo\n".to_owned())),
            (12, Piece::Inline("inline".to_owned())),
            (12, Piece::Link("#z".to_owned())),
            (17, Piece::Dangling("nowhere".to_owned())),
        ];
        assert_eq!(found.all, wanted);
        assert_eq!(found.anchors.into_iter().collect::<Vec<_>>(), ["own", "the-x-title"]);
    }

    #[test]
    fn headings_of_one_name_are_told_apart() {
        let anchors = read("## Stop it\n\n## Stop it\n\n## C & D {#own}\n").anchors;
        assert_eq!(anchors.into_iter().collect::<Vec<_>>(), ["c--d", "own", "stop-it", "stop-it-1"]);
    }
}
