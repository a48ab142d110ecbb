//! Documents: the text itself, and each kind of thing that it names.

use super::Part;
use gonogo_world::{
    State,
    System::{Kubernetes, Web},
    incidents::Times,
    web::{Page, Site},
};

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "document-objects",
        (Kubernetes, "document-objects", "/deployments/web"),
        "probe: document, sites: [{site}], with: { url: 'https://shelf.test/objects.md' }",
    ),
    Part::new(
        "document-labels",
        (Kubernetes, "document-labels", "/pods?"),
        "probe: document, sites: [{site}], with: { url: 'https://shelf.test/labels.md' }",
    ),
    Part::new(
        "document-kinds",
        (Kubernetes, "document-kinds", "/apis"),
        "probe: document, sites: [{site}], with: { url: 'https://shelf.test/kinds.md' }",
    ),
    Part::new("document-text", (Web, "text.test", ""), "probe: document, with: { url: 'https://text.test/text.md' }"),
    Part::new("document-link", (Web, "link.test", ""), "probe: document, with: { url: 'https://shelf.test/link.md' }"),
];

const TEXT: &str =
    "# All is well\n\nBegin with [what is well](#all-is-well), and go on from there for as long as it lasts.\n";

/// A shelf of documents that is never spoilt, one document that is, and a page that another links to.
pub fn add(state: &mut State, _: Times) {
    let shelf = [
        ("/objects.md", "`kubectl -n app get deployment web`\n"),
        ("/labels.md", "`kubectl -n app get pods -l app.kubernetes.io/name=web`\n"),
        ("/kinds.md", "`kubectl get nodeclaims` and `kubectl -n app get secret gateway`\n"),
        ("/link.md", "See <https://link.test/page>.\n"),
    ];
    let site =
        shelf.iter().fold(Site::at("shelf.test", &[]), |site, (path, text)| site.page(path, Page::text(200, *text)));
    state.web.insert("shelf.test".to_owned(), site);
    for host in ["text.test", "link.test"] {
        let site = Site { otherwise: Page::text(200, TEXT), ..Site::at(host, &[]) };
        state.web.insert(host.to_owned(), site);
    }
}
