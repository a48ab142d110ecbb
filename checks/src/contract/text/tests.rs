//! The loader and the reader together: texts in, values or complaints out.

use super::{At, Node, Placed, Shape, Source, Sources, Step, load, load_at, read};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    namespace: Placed<String>,
    #[serde(default)]
    replicas: u32,
    #[serde(default)]
    more: Vec<Part>,
    #[serde(default)]
    table: BTreeMap<u32, u32>,
    #[serde(default)]
    records: Vec<Record>,
    #[serde(default)]
    keys: BTreeMap<String, Option<Placed<bool>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Part {
    name: String,
    port: u16,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Record {
    A,
    Aaaa,
    Limit(u8),
    Named { name: String },
}

fn tree(text: &str) -> Node {
    let mut problems = Vec::new();
    let node = load(0, text, &mut problems);
    assert_eq!(problems, [], "{text}");
    node.expect("it is YAML")
}

fn complaints<T: DeserializeOwned>(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(node) = load(0, text, &mut problems) {
        read::<T>(&node, &mut problems);
    }
    problems
        .into_iter()
        .map(|p| {
            let help = p.help.map_or(String::new(), |help| format!(" ({help})"));
            format!("{}:{}+{} {}{help}", p.at.line, p.at.col, p.at.len, p.message)
        })
        .collect()
}

fn value<T: DeserializeOwned>(text: &str) -> T {
    let mut problems = Vec::new();
    let value = read(&tree(text), &mut problems);
    assert_eq!(problems, []);
    value.expect("it reads")
}

#[test]
fn a_right_value_is_read_with_its_places() {
    let read: Look = value(
        "namespace: coder\nreplicas: 3\ntable: {9: 6, 15: 10}\nrecords: [a, {limit: 3}, {named: {name: x}}]\nkeys: {a: true, b: null}",
    );
    assert_eq!(read.namespace.value, "coder");
    assert_eq!(read.namespace.at, At { file: 0, line: 1, col: 12, len: 5 });
    assert_eq!((read.replicas, read.more.len()), (3, 0));
    assert_eq!(read.table, [(9, 6), (15, 10)].into());
    assert_eq!(read.records, [Record::A, Record::Limit(3), Record::Named { name: "x".into() }]);
    assert_eq!(read.keys["a"].as_ref().map(|flag| (flag.value, flag.at.col)), Some((true, 11)));
    assert!(read.keys["b"].is_none());
}

#[test]
fn all_mistakes_are_named_at_once_each_in_its_place() {
    let text = "namespce: coder
replicas: many
more:
  - {name: p, port: 80}
  - {name: q, port: 99999}
  - {nam: r, port: x}
table: {ten: 1}
records: [aaa, limit, {limit: 300}, {a: 1, aaaa: 2}]
keys: {a: yes}
";
    insta::assert_snapshot!(complaints::<Look>(text).join("\n"));
}

#[test]
fn what_is_missing_is_shown_at_the_key_of_its_map() {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Whole {
        with: Part,
    }
    assert_eq!(complaints::<Whole>("with:\n  name: x\n"), ["1:1+4 `port` is missing (add `port: …`)"]);
    assert_eq!(complaints::<Whole>("with: {}\n").len(), 1);
    assert_eq!(complaints::<Whole>("with:\n"), ["1:5+0 expected a map, found nothing"]);
}

#[test]
fn a_number_as_a_key_has_one_spelling() {
    assert_eq!(
        complaints::<BTreeMap<i32, u32>>("{9: 1, 09: 2, -3: 1, +4: 1}"),
        ["1:8+2 expected a whole number, found the text `09`", "1:22+2 expected a whole number, found the text `+4`"]
    );
}

#[test]
fn a_list_is_no_struct_and_a_number_no_text() {
    assert_eq!(complaints::<Part>("[x, 1]"), ["1:1+1 expected a map, found a list"]);
    assert_eq!(
        complaints::<Part>("name: 1.10\nport: 80.0\n"),
        ["1:7+4 expected a text, found 1.1 (put it in quotes)", "2:7+4 expected a whole number, found 80.0"]
    );
    assert_eq!(complaints::<Part>("name: 010\nport: -1"), ["2:7+2 expected a whole number from 0 to 65535, found -1"]);
    assert_eq!(complaints::<Part>("name: no\nport: 1"), [""; 0]);
}

#[test]
fn a_key_that_is_set_twice_keeps_its_first_value() {
    let mut problems = Vec::new();
    let node = load(3, "a: 1\nb: {c: 1, c: 2}\na: 2\n", &mut problems).expect("it is YAML");
    let said: Vec<_> = problems.iter().map(|p| (p.at.file, p.at.line, p.at.col, p.message.as_str())).collect();
    assert_eq!(said, [(3, 2, 11, "`c` is set twice, first on line 2"), (3, 3, 1, "`a` is set twice, first on line 1")]);
    assert_eq!(node.get("a").map(|n| &n.shape), Some(&Shape::Int(1)));
}

#[test]
fn what_is_no_checklist_yaml_is_refused_in_plain_words() {
    let said: Vec<_> = [
        "a: 1\n---\nb: 2\n",
        "a: .nan\n",
        "a: [1e999]\n",
        "a: !secret x\n",
        "a: [1, 2\nb: 3\n",
        "a:\n\tb: 1\n",
        "a: b: c\n",
        "a: {b: ${c}}\n",
        "a: *nowhere\n",
        "a: 'open\n",
        "? [x]\n: 1\n",
        "a: \u{7}\n",
        "&a [*a]\n",
        "%YAML 9\n---\nx",
        "a: \"\\q\"",
        "- a\nb: c",
    ]
    .into_iter()
    .map(|text| format!("{text:?}\n  {}", complaints::<serde::de::IgnoredAny>(text).join("\n  ")))
    .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn floods_are_refused_and_do_not_hang() {
    let bomb: Vec<String> =
        (0..9).map(|i| format!("a{}: &a{} [{}]\n", i + 1, i + 1, vec![format!("*a{i}"); 10].join(", "))).collect();
    let bomb = format!("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{}", bomb.concat());
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), bomb, "x".repeat(9 << 20)] {
        assert_eq!(complaints::<serde::de::IgnoredAny>(&text).len(), 1, "{text:.40}");
    }
}

#[test]
fn a_list_full_of_mistakes_is_read_in_bounded_time() {
    let text = format!("namespace: n\nmore:\n{}", "  - {name: [], port: x}\n".repeat(5_000));
    let said = complaints::<Look>(&text).len();
    assert!((50..=100).contains(&said), "{said}");
}

#[test]
fn numbers_keep_their_range() {
    let node =
        tree("[9223372036854775807, 18446744073709551615, -1, 1e3, 0x1F, 1_000, 123456789012345678901234567890]");
    let Shape::Seq(items) = node.shape else { panic!("a list") };
    let said: Vec<_> = items.iter().map(|n| n.shape.to_string()).collect();
    assert_eq!(
        said[..6].join("; "),
        "the number 9223372036854775807; the number 18446744073709551615; the number -1; the number 1000.0; the number 31; the text `1_000`"
    );
}

#[test]
fn an_empty_value_is_told_from_a_null() {
    let node = tree("a:\nb: null\nc: ~\nd: ''\n");
    let empty: Vec<_> = node.entries().iter().map(|(_, n)| n.is_empty()).collect();
    assert_eq!(empty, [true, false, false, false]);
}

#[test]
fn a_layer_merges_maps_replaces_the_rest_and_removes_by_null() {
    let mut base = tree("a: {b: 1, c: [1, 2]}\nd: x\ne: y\n");
    base.layer(tree("a: {c: [3], f: 4}\nd: null\ng: null\ne: {h: 1}\n"));
    assert_eq!(base.at_path(&[Step::Key("a".into()), Step::Key("b".into())]).map(|n| &n.shape), Some(&Shape::Int(1)));
    assert_eq!(
        base.at_path(&[Step::Key("a".into()), Step::Key("c".into()), Step::Index(0)]).map(|n| &n.shape),
        Some(&Shape::Int(3))
    );
    let keys: Vec<_> = base.entries().iter().map(|(key, _)| key.text.as_str()).collect();
    assert_eq!(keys, ["a", "e", "g"]);
}

#[test]
fn an_empty_value_removes_nothing() {
    let mut base = tree("a: 1\n");
    base.layer(tree("a:\n"));
    assert!(base.get("a").is_some_and(Node::is_empty));
}

#[test]
fn big_maps_are_layered_as_small_ones() {
    let text = |n: std::ops::Range<u32>| n.map(|i| format!("k{i}: {i}\n")).collect::<Vec<_>>().concat();
    let mut base = tree(&text(0..5_000));
    base.layer(tree(&format!("{}k7: null\n", text(4_000..6_000))));
    assert_eq!(base.entries().len(), 5_999);
    assert!(base.get("k7").is_none());
}

#[test]
fn a_text_in_the_middle_of_a_line_has_its_own_places() {
    let start = At { file: 2, line: 1, col: 17, len: 0 };
    let mut problems = Vec::new();
    let node = load_at(start, "{a: x}", &mut problems).expect("it is YAML");
    assert_eq!(node.get("a").map(|n| n.at), Some(At { file: 2, line: 1, col: 21, len: 1 }));
    assert!(load_at(start, "[", &mut problems).is_none());
    assert_eq!((problems[0].at.file, problems[0].at.line), (2, 1));
    assert!(problems[0].at.col >= 17);
}

#[test]
fn places_count_characters_whatever_the_line_ends_and_marks() {
    let node = tree("\u{feff}ключ: значение\r\nb: x\r\n");
    let places: Vec<_> = node.entries().iter().map(|(k, n)| (k.at.line, k.at.col, n.at.col, n.at.len)).collect();
    assert_eq!(places, [(1, 1, 7, 8), (2, 1, 4, 1)]);
}

#[test]
fn an_alias_is_placed_where_it_is_used() {
    let node = tree("x-a: &x {b: [1]}\nc: *x\nd:\n  <<: *x\n  e: 2\n");
    assert_eq!(node.get("c").map(|n| n.at.line), Some(2));
    let d = node.get("d").expect("d");
    assert_eq!(d.entries().iter().map(|(k, _)| k.text.as_str()).collect::<Vec<_>>(), ["e", "b"]);
}

#[test]
fn a_path_is_meant_from_the_folder_of_its_file() {
    let mut sources = Sources::default();
    let source =
        |folder: Option<&str>| Source { name: "f".into(), text: "a: 1".into(), folder: folder.map(Into::into) };
    let file = sources.add(source(Some("/etc/gonogo")));
    let set = sources.add(source(None));
    let at = |file| At { file, line: 1, col: 4, len: 1 };
    assert_eq!(sources.resolve(at(file), "ca.pem".as_ref()), std::path::Path::new("/etc/gonogo/ca.pem"));
    assert_eq!(sources.resolve(at(file), "/ca.pem".as_ref()), std::path::Path::new("/ca.pem"));
    assert_eq!(sources.resolve(at(set), "ca.pem".as_ref()), std::path::Path::new("ca.pem"));
    assert_eq!((sources.line(at(file)), sources.line(At { file: 9, ..at(0) })), ("a: 1", ""));
}
