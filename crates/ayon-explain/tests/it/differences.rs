//! What changes between two resolutions.

use ayon_explain::{Difference, Graph};
use proptest::prelude::*;

use crate::made::{bundle, film, large};

/// The film with another core, without kitsu, with usd.
fn later() -> Graph {
    let made = bundle("production")
        .module("opentimelineio", "0.17.0")
        .addon("core", "1.7.0", &["opentimelineio>=0.16", "requests>=2.28"])
        .addon("ftrack", "1.6.4", &["addon core >=1.6.0", "ftrack-python-api>=2,<3"])
        .addon("usd", "0.2.0", &["addon core >=1.7.0"])
        .locked("ftrack-python-api", "2.5.4", &["addon ftrack 1.6.4 (ftrack/client/pyproject.toml, tool.poetry.dependencies): ftrack-python-api>=2,<3"])
        .locked("requests", "2.33.0", &["ftrack-python-api 2.5.4: requests<3,>=2"])
        .locked("urllib3", "2.2.0", &["requests 2.33.0: urllib3<3,>=1.26", "ftrack-python-api 2.5.4: urllib3<2.3"])
        .locked("websocket-client", "0.59.0", &["ftrack-python-api 2.5.4: websocket-client<1,>=0.40.0"]);
    Graph::of(&made.0)
}

#[test]
fn what_came_went_and_changed_is_told_with_who_asks() {
    let before = Graph::of(&film("staging").0);
    let difference = Difference::of(("staging", &before), ("production", &later()));
    insta::assert_snapshot!(difference.text(), @r"
    staging → production: 3 addons, 1 package, 2 requirements

    addons
      ~ addon core 1.6.11 → 1.7.0  bundle production pins core 1.7.0, and 2 others ask
      - addon kitsu 1.2.6          bundle staging pins kitsu 1.2.6
      + addon usd 0.2.0            bundle production pins usd 0.2.0

    packages
      ~ requests 2.32.4 → 2.33.0  addon core 1.7.0 needs requests >=2.28, and 1 other asks

    requirements
      ~ addon core needs opentimelineio >=0.15 → needs opentimelineio >=0.16  core/client/pyproject.toml, tool.poetry.dependencies
      ~ requests needs urllib3<3,>=1.21.1 → needs urllib3<3,>=1.26
    ");
    insta::assert_snapshot!(difference.markdown(), @r"
    ### staging → production: 3 addons, 1 package, 2 requirements

    | addons | before | after | why |
    |---|---|---|---|
    | core | 1.6.11 | 1.7.0 | bundle production pins core 1.7.0, and 2 others ask |
    | kitsu | 1.2.6 |  | bundle staging pins kitsu 1.2.6 |
    | usd |  | 0.2.0 | bundle production pins usd 0.2.0 |

    | packages | before | after | why |
    |---|---|---|---|
    | requests | 2.32.4 | 2.33.0 | addon core 1.7.0 needs requests &gt;=2.28, and 1 other asks |

    | who | before | after | where |
    |---|---|---|---|
    | addon core | needs opentimelineio &gt;=0.15 | needs opentimelineio &gt;=0.16 | core/client/pyproject.toml, tool.poetry.dependencies |
    | requests | needs urllib3&lt;3,&gt;=1.21.1 | needs urllib3&lt;3,&gt;=1.26 |  |
    ");
}

#[test]
fn a_document_says_who_asks_and_where() {
    let before = Graph::of(&film("staging").0);
    let difference = Difference::of(("staging", &before), ("production", &later()));
    let document = serde_json::to_string_pretty(&difference.document().requirements[1]).unwrap();
    insta::assert_snapshot!(document, @r#"
    {
      "from": "addon core",
      "to": "opentimelineio",
      "before": {
        "text": "needs opentimelineio >=0.15",
        "place": "core/client/pyproject.toml, tool.poetry.dependencies"
      },
      "after": {
        "text": "needs opentimelineio >=0.16",
        "place": "core/client/pyproject.toml, tool.poetry.dependencies"
      }
    }
    "#);
}

#[test]
fn the_same_is_no_difference_whatever_the_bundle_is_called() {
    let (one, other) = (
        Graph::of(&film("staging").0),
        Graph::of(&film("production").0),
    );
    let difference = Difference::of(("staging", &one), ("production", &other));
    assert!(difference.is_empty(), "{difference:#?}");
    insta::assert_snapshot!(difference.text(), @"staging → production: no difference");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    /// Turned round, a difference has as many changes, with the ends exchanged; and nothing differs from itself.
    #[test]
    fn a_difference_can_be_turned_round(one in 0usize..500, other in 0usize..500) {
        let (before, after) = (Graph::of(&large("a", 60, one).0), Graph::of(&large("a", 70, other).0));
        let there = Difference::of(("a", &before), ("b", &after));
        let back = Difference::of(("b", &after), ("a", &before));
        prop_assert_eq!(there.things.len(), back.things.len());
        for (change, other) in there.things.iter().zip(&back.things) {
            prop_assert_eq!((&change.name, &change.before, &change.after), (&other.name, &other.after, &other.before));
            prop_assert!(change.before != change.after);
        }
        prop_assert_eq!(there.requirements.len(), back.requirements.len());
        prop_assert!(Difference::of(("a", &before), ("a", &before)).is_empty());
    }
}
