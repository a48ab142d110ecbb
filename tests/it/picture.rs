//! A picture of an output in a page: shortened, with another day's times, and still true.

/// Each stretch between lines of `…` must be in what was really printed, one after the other.
pub fn is_shortened_from(picture: &str, whole: &str) {
    let whole = redacted(whole);
    let mut rest = whole.as_str();
    for stretch in picture.split("\n…\n") {
        let stretch = redacted(stretch);
        let at = rest.find(&stretch).unwrap_or_else(|| panic!("not printed (any more):\n{stretch}\n\nbut:\n{rest}"));
        rest = &rest[at + stretch.len()..];
    }
}

/// The words of a text, its times, lengths of time, folders and this machine's name left out.
fn redacted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| "(),;.".contains(c));
        let next = words.get(i + 1).map(|next| next.trim_matches(|c: char| "(),;.".contains(c)));
        let before = i.checked_sub(1).map_or("", |before| words[before]);
        let is_number = bare.parse::<f64>().is_ok();
        let is_time = bare.contains(':') && bare.chars().all(|c| c.is_ascii_digit() || c == ':');
        let is_day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&bare);
        let is_zone = ["PST", "PDT"].contains(&bare.trim_end_matches(':'));
        let is_length = is_number && next.is_some_and(|next| ["d", "h", "min", "s", "ms"].contains(&next));
        let is_unit = ["d", "h", "min", "s", "ms"].contains(&bare) && before.parse::<f64>().is_ok();
        let is_period = bare.strip_suffix(['d', 'h']).is_some_and(|count| count.parse::<u32>().is_ok());
        let is_date = is_number && next.is_some_and(is_month) || is_month(bare);
        let is_path = word.contains("gonogo-demo-");
        let is_host = before == "from";
        if is_time || is_day || is_zone || is_length || is_unit || is_period || is_date || is_path || is_host {
            continue;
        }
        out.push((*word).to_owned());
    }
    out.join(" ")
}

fn is_month(word: &str) -> bool {
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].contains(&word)
}

#[test]
fn a_picture_that_shows_what_is_not_printed_is_found_out() {
    let wrong = std::panic::catch_unwind(|| is_shortened_from("NO-GO  8 in the way", "NO-GO  7 in the way"));
    assert!(wrong.is_err());
    is_shortened_from(
        "starts in 2 d 5 h (Tue 24 Nov 09:00 PST)  7",
        "starts in 1 d (Wed 3 Jun 09:00 PDT) 7 in the way",
    );
}
