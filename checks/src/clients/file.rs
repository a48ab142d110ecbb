//! A file of this machine, as text.

use crate::contract::Why;
use std::{fs::File, io::Read as _, path::Path};

/// The text of the file at `path`, of at most so many bytes; of a pipe or a device nothing is read, which might have no end.
///
/// # Errors
/// It is not there, is no file, is longer, or is not UTF-8: why, and in words.
pub fn text(path: &Path, most: u64) -> Result<String, (Why, String)> {
    let unread = |error: std::io::Error| (Why::Unconfigured, error.to_string());
    if !std::fs::metadata(path).map_err(unread)?.is_file() {
        return Err((Why::Unconfigured, "it is no file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(unread)?;
    if bytes.len() as u64 > most {
        return Err((Why::TooLarge, format!("longer than {} MiB", most >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| (Why::Malformed, "it is not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Why, text};

    #[test]
    fn only_a_whole_file_of_text_within_its_bound_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list");
        let put = |bytes: &[u8]| std::fs::write(&path, bytes).expect("a file");
        put(b"ada\n");
        assert_eq!(text(&path, 4), Ok("ada\n".to_owned()));
        assert_eq!(text(&path, 3).expect_err("too long").0, Why::TooLarge);
        put(&[0xff]);
        assert_eq!(text(&path, 4).expect_err("no text").0, Why::Malformed);
        for none in [folder.path().to_owned(), folder.path().join("gone")] {
            assert_eq!(text(&none, 4).expect_err("no file").0, Why::Unconfigured);
        }
    }
}
