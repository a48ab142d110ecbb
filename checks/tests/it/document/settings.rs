//! Settings that say two things, or none.

use super::made;

#[test]
fn settings_that_say_two_things_or_none_are_refused() {
    for (with, site, words) in [
        ("{}", None, "exactly one of `file` and `url`"),
        ("{ file: a.md, url: https://a.test/ }", None, "exactly one of"),
        ("{ file: ' ' }", None, "exactly one of"),
        ("{ url: a.md }", None, "`a.md` is no URL"),
        ("{ url: \"https://me:secret@a.test/\" }", None, "no user or password"),
        ("{ file: a.md, base: x }", None, "`x` is no URL"),
        ("{ file: a.md, clusters: [nowhere] }", None, "no `kubernetes:`"),
        ("{ file: a.md, clusters: [us-east-2] }", Some("us-west-2"), "at `us-west-2` already"),
        ("{ file: a.md, contexts: { a: nowhere } }", None, "no site that has a cluster"),
        ("{ file: a.md, connections: [none] }", None, "no connection is called `none`"),
        ("{ file: a.md, ignore: ['[a'] }", None, "error parsing glob"),
        ("{ file: a.md, run: true }", None, "run"),
    ] {
        let mut problems = Vec::new();
        assert!(made(with, "{}", site, &mut problems).is_none(), "{with} is taken");
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{with}: {said:?}");
    }
}
