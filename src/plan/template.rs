//! A text with `${…}` in it, taken apart; `$${` is a literal `${`.

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Stands as it is.
    Literal(&'a str),
    /// What stands between `${` and `}`.
    Expression(&'a str),
}

/// The pieces of a text, in order, or what is wrong with it.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(dollar) = rest.find("${") {
        let (before, after) = rest.split_at(dollar);
        if let Some(literal) = before.strip_suffix('$') {
            pieces.extend([Piece::Literal(literal), Piece::Literal("${")]);
            rest = &after[2..];
            continue;
        }
        let end = closing(&after[2..]).ok_or_else(|| format!("`{after}` is never closed: `}}` is missing"))?;
        pieces.extend([Piece::Literal(before), Piece::Expression(&after[2..2 + end])]);
        rest = &after[3 + end..];
    }
    pieces.push(Piece::Literal(rest));
    pieces.retain(|piece| *piece != Piece::Literal(""));
    Ok(pieces)
}

/// Where the expression that begins the text ends; braces within it count, those in its texts do not.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote, mut is_escaped) = (0usize, None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{
        Piece::{Expression, Literal},
        pieces,
    };

    #[test]
    fn expressions_and_literals_keep_their_order() {
        assert_eq!(pieces("a ${b} c${d}"), Ok(vec![Literal("a "), Expression("b"), Literal(" c"), Expression("d")]));
        assert_eq!(pieces("plain $ {x}"), Ok(vec![Literal("plain $ {x}")]));
    }

    #[test]
    fn a_doubled_dollar_is_a_literal() {
        assert_eq!(pieces("$${a} ${b}"), Ok(vec![Literal("${"), Literal("a} "), Expression("b")]));
    }

    #[test]
    fn braces_and_quotes_within_an_expression_do_not_end_it() {
        assert_eq!(pieces("${ {'}': 1}['}'] }"), Ok(vec![Expression(" {'}': 1}['}'] ")]));
        assert_eq!(pieces(r"${'\'}'}"), Ok(vec![Expression(r"'\'}'")]));
        assert!(pieces("a ${b").is_err());
    }
}
