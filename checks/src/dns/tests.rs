//! What the settings refuse, and in which place.

use super::*;
use crate::{
    clients::connections::Connections,
    contract::text::{Node, Step, load, read},
};
use std::sync::Arc;

fn node(text: &str) -> Node {
    load(0, text, &mut Vec::new()).expect("a map")
}

fn made(with: &str) -> Result<Dns, Invalid> {
    let mut problems = Vec::new();
    let settings = read(&node(with), &mut problems).unwrap_or_else(|| panic!("{problems:?}"));
    let named = [
        ("cf".to_owned(), node("{ kind: cloudflare, token: { env: CLOUDFLARE_API_TOKEN } }")),
        ("bare".to_owned(), node("{ kind: cloudflare }")),
    ];
    let connections: Arc<Connections> = Connections::read(&named, &[], &mut problems);
    Dns::new(settings, &Place::new(None, Vec::new(), connections))
}

fn refused(with: &str) -> Invalid {
    made(with).err().unwrap_or_else(|| panic!("{with} is taken"))
}

fn path(at: &[Step]) -> String {
    let words: Vec<String> = at
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        })
        .collect();
    words.join(".")
}

#[test]
fn what_says_nothing_or_contradicts_itself_is_refused_in_its_place() {
    let record =
        |record: &str| format!("{{ cloudflare: {{ connection: cf, zone: example.com, records: [{record}] }} }}");
    for (with, at) in [
        ("{}".to_owned(), "names"),
        ("{ names: [{ name: a.example.com }] }".to_owned(), "names.0"),
        ("{ names: [{ name: '*.example.com', target: lb }] }".to_owned(), "names.0.name"),
        ("{ names: [{ name: a.example.com, alias: '' }] }".to_owned(), "names.0.alias"),
        ("{ names: [{ name: a.example.com, proxied: true }] }".to_owned(), "names.0.proxied"),
        ("{ names: [{ name: a.example.com, target: lb, proxied: true }] }".to_owned(), "names.0.proxied"),
        ("{ names: [{ name: a.example.com, target: a..b }] }".to_owned(), "names.0.target"),
        ("{ names: [{ name: a.b, target: lb }, { name: A.b., target: lb }] }".to_owned(), "names.1.name"),
        ("{ names: [{ name: a.b, target: lb }], resolvers: [] }".to_owned(), "resolvers"),
        ("{ cloudflare: { connection: cf, zone: example.com, records: [] } }".to_owned(), "cloudflare.records"),
        ("{ cloudflare: { connection: bare, zone: example.com, records: [] } }".to_owned(), "cloudflare.connection"),
        ("{ cloudflare: { connection: no, zone: example.com, records: [] } }".to_owned(), "cloudflare.connection"),
        (record("{ name: a.example.net, type: A, content: 192.0.2.1 }"), "cloudflare.records.0.name"),
        (record("{ name: a.example.com, type: A, content: lb.example.net }"), "cloudflare.records.0.content"),
        (record("{ name: a.example.com, type: '', content: x }"), "cloudflare.records.0.type"),
        (record("{ name: a.example.com, type: TXT, content: x, proxied: true }"), "cloudflare.records.0.proxied"),
        (
            record(
                "{ name: a.example.com, type: A, content: 192.0.2.1 }, { name: A.example.com., type: a, content: 192.0.2.1 }",
            ),
            "cloudflare.records.1",
        ),
    ] {
        assert_eq!(path(&refused(&with).at), at, "{with}");
    }
    assert!(
        refused("{ names: [{ name: '*.a.b', target: lb }] }").help.is_some_and(|help| help.contains("dns-wildcard"))
    );
}

#[test]
fn an_alias_is_the_target_where_none_is_given_and_a_proxied_name_has_none() {
    let probe = made(
        "{ names: [{ name: a.example.com, alias: LB.example.net. }, { name: p.example.com, proxied: true }], \
         cloudflare: { connection: cf, zone: example.com, records: [{ name: '*.a.example.com', type: cname, content: LB.example.net., ttl: auto }] } }",
    );
    let probe = probe.unwrap_or_else(|invalid| panic!("{}", invalid.message));
    assert!(matches!(&probe.names[0].target, Some(Target::Host(host)) if host == "LB.example.net."));
    assert!(probe.names[1].target.is_none());
    assert_eq!(probe.access().len(), 2);
}
