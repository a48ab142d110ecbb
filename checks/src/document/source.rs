//! The document's text, from a file or a URL, bounded.

use super::settings::{From, Target};
use crate::{
    clients::{file::text, http::Ask},
    contract::{Context, Remedy, Unobserved, Why},
};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use url::Url;

/// The longest document that is read, in bytes.
pub(super) const MOST_BYTES: usize = 2 << 20;

/// What came.
pub(super) enum Source {
    /// Its URL says that nothing is there.
    Gone { status: u16, asked_at: Timestamp },
    /// The text, and where what it links to starts: a folder or a URL.
    Text { text: String, from: Root, asked_at: Timestamp },
}

/// Where relative links start.
pub(super) enum Root {
    Folder(PathBuf),
    Url(Url),
}

pub(super) async fn read(target: &Target, cx: &Context) -> Result<Source, Unobserved> {
    match &target.from {
        From::File(path) => of_file(path, cx).await,
        From::Url(url) => of_url(target, url, cx).await,
    }
}

async fn of_file(named: &str, cx: &Context) -> Result<Source, Unobserved> {
    let path = cx.reach().base.join(named);
    let (asked, asked_at) = (format!("file {named}"), cx.now());
    let by_hand = Remedy::run(["cat", &path.display().to_string()]);
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let read = tokio::task::spawn_blocking(move || text(&path, MOST_BYTES as u64)).await;
    let read = read.unwrap_or_else(|error| Err((Why::Panicked, error.to_string())));
    let text = read.map_err(|(why, detail)| Unobserved::new(why, asked, detail).by_hand(by_hand))?;
    Ok(Source::Text { text, from: Root::Folder(folder), asked_at })
}

async fn of_url(target: &Target, url: &Url, cx: &Context) -> Result<Source, Unobserved> {
    let ask = super::pages::with_credential(Ask::to(url.clone()), target, cx)?.redirects(5).at_most(MOST_BYTES);
    let answer = cx.ask(ask).await?;
    if matches!(answer.status, 404 | 410) {
        return Ok(Source::Gone { status: answer.status, asked_at: answer.asked_at });
    }
    answer.granted()?;
    let missing = |detail: &str| Unobserved::new(Why::Malformed, &answer.asked, detail).by_hand(answer.by_hand());
    let kind = answer.header("content-type").unwrap_or_default().to_lowercase();
    if kind.starts_with("text/html") {
        return Err(missing("an HTML page and no Markdown: perhaps a sign-in, or the page around the file"));
    }
    let text = String::from_utf8(answer.body.to_vec()).map_err(|_| missing("it is not UTF-8"))?;
    Ok(Source::Text { text, from: Root::Url(answer.url.clone()), asked_at: answer.asked_at })
}
