//! The checklist on paper and what stands for its rows: nothing is claimed that no test shows.

use crate::pages::{example, repository};
use crate::rows::shown;
use crate::stage::{EVENT, folder, run};
use gonogo::{
    checklist,
    coverage::{How, Rows, lay, read},
    plan::{self, Plan, Selection},
};
use gonogo_checks::contract::text::Sources;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

fn planned(path: PathBuf) -> Plan {
    let checklist = checklist::read(&[path], &[]);
    match plan::make(&checklist, &Selection::default(), 0) {
        Ok(plan) => plan,
        Err(problems) => panic!("{}", checklist::render_all(&checklist.sources, &problems, false)),
    }
}

fn paper() -> Rows {
    let mut problems = Vec::new();
    let path = repository().join("examples/coder-workshop/rows.yaml");
    let rows = read(&path, &mut Sources::default(), &mut problems).expect("the rows");
    assert_eq!(problems, []);
    rows.expect("the rows")
}

#[test]
fn the_page_is_what_the_command_prints() {
    let seen = run(&repository(), &["coverage", "--markdown", "examples/coder-workshop/gonogo.yaml"]);
    assert_eq!((seen.code, seen.stderr.as_str()), (0, ""));
    let page = fs::read_to_string(repository().join("examples/coder-workshop/COVERAGE.md")).unwrap_or_default();
    assert!(
        page == seen.stdout,
        "COVERAGE.md is out of date: gonogo coverage --markdown examples/coder-workshop/gonogo.yaml > \
         examples/coder-workshop/COVERAGE.md"
    );
}

#[test]
fn the_paper_has_its_eighty_rows() {
    let wanted = [('A', 14), ('B', 8), ('C', 8), ('D', 20), ('E', 11), ('F', 8), ('G', 7), ('H', 4)];
    let wanted = wanted.into_iter().flat_map(|(part, rows)| (1..=rows).map(move |row| format!("{part}{row:02}")));
    assert_eq!(paper().ids().collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
}

#[test]
fn every_row_has_an_answer_and_none_is_claimed_without_a_test() {
    let (rows, plan) = (paper(), planned(example()));
    let coverage = lay(&rows, &plan);
    assert_eq!(coverage.dangling, [""; 0]);
    for row in coverage.rows() {
        assert_ne!(row.how(), How::Nothing, "{} has no answer", row.id);
        for answer in &row.answers {
            assert!(!answer.shown.is_empty(), "no test shows that {} fails for {}", answer.check, row.id);
        }
    }
}

#[test]
fn what_the_rows_say_is_shown_is_what_the_tests_show() {
    let mut tested: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (id, item, code) in shown() {
        let check = item.split('@').next().unwrap_or_default();
        tested.entry((id.to_owned(), check.to_owned())).or_default().insert(code.to_owned());
    }
    let paper = paper();
    let said = paper.ids().filter_map(|id| Some((id, paper.row(id)?))).flat_map(|(id, row)| {
        row.shown.iter().map(move |(check, codes)| ((id.to_owned(), check.clone()), codes.iter().cloned().collect()))
    });
    assert_eq!(said.collect::<BTreeMap<_, BTreeSet<_>>>(), tested);
}

fn seen(rows: &str, covers: &str) -> crate::rig::Seen {
    let check =
        format!("{EVENT}checks:\n  a: {{ probe: http, with: {{ url: https://a.test/ }}, covers: [{covers}] }}\n");
    let here = folder(&[("gonogo.yaml", &check), ("rows.yaml", rows)]);
    run(here.path(), &["coverage"])
}

#[test]
fn a_row_without_an_answer_is_1_and_a_name_that_is_not_there_is_2() {
    let rows = "parts: { A: { title: Access, rows: { A01: { item: Sign-in, holds: GitHub is on }, A02: { item: Seats, holds: all fit } } } }";
    let one = seen(rows, "A01");
    assert_eq!(one.code, 1, "{}", one.stderr);
    assert!(one.stdout.starts_with("A01  automatic  Sign-in: a\nA02  nothing    Seats\n"), "{}", one.stdout);
    assert!(one.stdout.ends_with("\n2 rows: 1 automatic, 1 nothing\n"), "{}", one.stdout);
    assert_eq!(seen(rows, "A01, A02").code, 0);
    let other = seen(rows, "A01, A03");
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("the check `a` covers `A03`, and there is no such row"), "{}", other.stderr);
    for (named, wrong) in
        [("gonogo.yaml#b", "no such check"), ("no.yaml#a", "no checklist"), ("gonogo.yaml#a", "cover it")]
    {
        let elsewhere = rows.replace("holds: all fit", &format!("holds: all fit, elsewhere: [\"{named}\"]"));
        let other = seen(&elsewhere, "A01");
        assert!(other.code == 2 && other.stderr.contains(wrong), "{}", other.stderr);
    }
    let shown = rows.replace("holds: all fit", "holds: all fit, shown: { b: [x] }");
    assert!(seen(&shown, "A01").stderr.contains("the row `A02` shows `b`, which does not cover it"));
    let wrong = seen(&rows.replace("holds", "must"), "A01");
    assert!(wrong.code == 2 && wrong.stderr.contains("rows.yaml:1:"), "{}", wrong.stderr);
    let none = run(
        folder(&[(
            "gonogo.yaml",
            &format!("{EVENT}checks: {{ a: {{ probe: http, with: {{ url: https://a.test/ }} }} }}\n"),
        )])
        .path(),
        &["coverage"],
    );
    assert!(none.code == 2 && none.stderr.contains("gonogo coverage --help"), "{}", none.stderr);
}
