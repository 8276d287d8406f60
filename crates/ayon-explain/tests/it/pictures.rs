//! Pictures of resolutions and conflicts.

use ayon_explain::picture::{Page, Words, dot, mermaid, page, svg};
use ayon_explain::{Difference, Graph};

use crate::made::{bundle, conflict, earlier, film, hostile, large};

#[test]
fn a_resolution_in_dot() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(dot(&graph, Words::IfFew), @r##"
    digraph resolution {
      label="launcher on linux-64";
      rankdir=LR;
      node [shape=box, style="rounded,filled", fontname="sans-serif"];
      edge [color="#777777", fontname="sans-serif", fontsize=10];
      n0 [label="bundle staging", fillcolor="#e4d9fb", color="#777777"];
      n1 [label="launcher 1.6.3", fillcolor="#dbe9d6", color="#777777"];
      n3 [label="addon core 1.6.11", fillcolor="#d3e6fd", color="#777777"];
      n4 [label="addon ftrack 1.6.4", fillcolor="#d3e6fd", color="#777777"];
      n5 [label="addon kitsu 1.2.6", fillcolor="#d3e6fd", color="#777777"];
      n6 [label="ftrack-python-api 2.5.4", fillcolor="#f4f1ea", color="#b7791f"];
      n7 [label="opentimelineio 0.17.0", fillcolor="#f4f1ea", color="#777777", style="rounded,filled,dashed"];
      n9 [label="requests 2.32.4", fillcolor="#f4f1ea", color="#777777"];
      n10 [label="urllib3 2.2.0", fillcolor="#f4f1ea", color="#b7791f"];
      n11 [label="websocket-client 0.59.0", fillcolor="#f4f1ea", color="#b7791f"];
      n0 -> n1 [label="pins launcher 1.6.3"];
      n0 -> n3 [label="pins core 1.6.11"];
      n0 -> n4 [label="pins ftrack 1.6.4"];
      n0 -> n5 [label="pins kitsu 1.2.6"];
      n1 -> n7 [label="provides opentimelineio 0.17.0"];
      n3 -> n7 [label="needs opentimelineio >=0.15"];
      n3 -> n9 [label="needs requests >=2.28"];
      n4 -> n3 [label="needs core >=1.6.0"];
      n4 -> n6 [label="needs ftrack-python-api >=2,<3"];
      n5 -> n3 [label="needs core >=1.5.0"];
      n5 -> n9 [label="needs requests >=2.30"];
      n6 -> n9 [label="needs requests<3,>=2"];
      n6 -> n10 [label="needs urllib3<2.3"];
      n6 -> n11 [label="needs websocket-client<1,>=0.40.0"];
      n9 -> n10 [label="needs urllib3<3,>=1.21.1"];
    }
    "##);
}

#[test]
fn a_conflict_in_mermaid() {
    let graph = Graph::of_conflict(&conflict());
    insta::assert_snapshot!(mermaid(&graph, Words::IfFew), @r#"
    flowchart LR
      n1["bundle film"]:::bundle
      n2["launcher 1.1.2"]:::given
      n3["addon editorial 0.4.1, 0.4.2, 0.5.0"]:::addon
      n4["opentimelineio"]:::contested
      n1 -->|"pins launcher 1.1.2"| n2
      n1 -->|"needs editorial #62;#61;0.4,#60;1"| n3
      n2 -->|"provides opentimelineio 0.17.0"| n4
      n3 -->|"needs opentimelineio #60;0.16 (0.4.1, 0.4.2)<br>needs opentimelineio #62;#61;0.18 (0.5.0)"| n4
      classDef bundle fill:#e4d9fb,stroke:#777,color:#222
      classDef addon fill:#d3e6fd,stroke:#777,color:#222
      classDef given fill:#dbe9d6,stroke:#777,color:#222
      classDef package fill:#f4f1ea,stroke:#777,color:#222
      classDef held fill:#f4f1ea,stroke:#b7791f,color:#222
      classDef contested fill:#fde2e2,stroke:#c02626,stroke-width:2px,color:#222
    "#);
}

#[test]
fn what_a_language_would_read_is_escaped() {
    let made = bundle("a\"]; rm [x=\"\\").artefact("<b>#x;", "1\"", &[], &[]);
    let graph = Graph::of(&made.0);
    let text = dot(&graph, Words::Never) + &mermaid(&graph, Words::Never);
    insta::assert_snapshot!(text, @r##"
    digraph resolution {
      label="launcher on linux-64";
      rankdir=LR;
      node [shape=box, style="rounded,filled", fontname="sans-serif"];
      edge [color="#777777", fontname="sans-serif", fontsize=10];
      n0 [label="bundle a\"]; rm [x=\"\\", fillcolor="#e4d9fb", color="#777777"];
      n1 [label="launcher 1.6.3", fillcolor="#dbe9d6", color="#777777"];
      n3 [label="<b>#x; 1\"", fillcolor="#f4f1ea", color="#777777"];
      n0 -> n1 [tooltip="pins launcher 1.6.3"];
      n0 -> n3 [tooltip="includes"];
    }
    flowchart LR
      n0["bundle a#34;#93;#59; rm #91;x#61;#34;#92;"]:::bundle
      n1["launcher 1.6.3"]:::given
      n3["#60;b#62;#35;x#59; 1#34;"]:::package
      n0 --> n1
      n0 --> n3
      classDef bundle fill:#e4d9fb,stroke:#777,color:#222
      classDef addon fill:#d3e6fd,stroke:#777,color:#222
      classDef given fill:#dbe9d6,stroke:#777,color:#222
      classDef package fill:#f4f1ea,stroke:#777,color:#222
      classDef held fill:#f4f1ea,stroke:#b7791f,color:#222
      classDef contested fill:#fde2e2,stroke:#c02626,stroke-width:2px,color:#222
    "##);
}

#[test]
fn a_conflict_in_svg() {
    let graph = Graph::of_conflict(&conflict());
    let text = svg(&graph, Words::IfFew);
    let style = text.find("</style>").unwrap();
    insta::assert_snapshot!(&text[style..], @r#"
    </style>
    <g transform="translate(16 16)">
    <path class="line" data-from="1" data-to="2" d="M103.6 37.0C189.3 37.0 189.3 12.0 275.0 12.0"><title>pins launcher 1.1.2</title></path>
    <text class="words" text-anchor="end" x="267.0" y="7.0">pins launcher 1.1.2</text>
    <path class="line" data-from="1" data-to="3" d="M103.6 37.0C189.3 37.0 189.3 62.0 275.0 62.0"><title>needs editorial &gt;=0.4,&lt;1</title></path>
    <text class="words" text-anchor="end" x="267.0" y="74.0">needs editorial &gt;=0.4,&lt;1</text>
    <path class="line" data-from="2" data-to="4" d="M401.4 12.0C618.8 12.0 618.8 37.0 836.1 37.0"><title>provides opentimelineio 0.17.0</title></path>
    <text class="words" text-anchor="start" x="409.4" y="7.0">provides opentimelineio 0.17.0</text>
    <path class="line" data-from="3" data-to="4" d="M561.0 62.0C698.5 62.0 698.5 37.0 836.1 37.0"><title>needs opentimelineio &lt;0.16 (0.4.1, 0.4.2)
    needs opentimelineio &gt;=0.18 (0.5.0)</title></path>
    <text class="words" text-anchor="start" x="569.0" y="74.0">needs opentimelineio &lt;0.16 (0.4.1, 0.4.2)</text>
    <text class="words" text-anchor="start" x="569.0" y="86.0">needs opentimelineio &gt;=0.18 (0.5.0)</text>
    <g class="node bundle" data-node="1" data-layer="0" transform="translate(0.0 37.0)"><title>bundle film</title><rect y="-12" width="103.6" height="24" rx="5"/><text x="10" y="4.5">bundle film</text></g>
    <g class="node studio" data-node="2" data-layer="1" transform="translate(275.0 12.0)"><title>launcher 1.1.2</title><rect y="-12" width="126.4" height="24" rx="5"/><text x="10" y="4.5">launcher <tspan class="version">1.1.2</tspan></text></g>
    <g class="node addon" data-node="3" data-layer="1" transform="translate(275.0 62.0)"><title>addon editorial 0.4.1, 0.4.2, 0.5.0</title><rect y="-12" width="286.0" height="24" rx="5"/><text x="10" y="4.5">addon editorial <tspan class="version">0.4.1, 0.4.2, 0.5.0</tspan></text></g>
    <g class="node package contested" data-node="4" data-layer="2" transform="translate(836.1 37.0)"><title>opentimelineio</title><rect y="-12" width="126.4" height="24" rx="5"/><text x="10" y="4.5">opentimelineio</text></g>
    </g>
    </svg>
    "#);
}

#[test]
fn few_lines_carry_words_and_many_do_not() {
    let (few, many) = (film("staging").0, large("staging", 60, 1).0);
    let has_words = |text: &str| text.contains("class=\"words\"");
    assert!(has_words(&svg(&Graph::of(&few), Words::IfFew)));
    assert!(!has_words(&svg(&Graph::of(&few), Words::Never)));
    assert!(!has_words(&svg(&Graph::of(&many), Words::IfFew)));
    assert!(has_words(&svg(&Graph::of(&many), Words::Always)));
}

/// All that a page holds between the tags of one kind.
fn inside<'a>(page: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let parts = page.split(open).skip(1);
    parts
        .map(|part| part.split(close).next().unwrap())
        .collect()
}

#[test]
fn a_page_has_one_script_one_style_and_data_and_asks_for_nothing() {
    let (after, before) = (
        large("staging", 120, 1),
        earlier(large("staging", 120, 1), "production"),
    );
    let (after, before) = (Graph::of(&after.0), Graph::of(&before.0));
    let difference = Difference::of(("production", &before), ("staging", &after));
    let conflict = conflict();
    let text = page(&Page {
        title: "staging",
        graphs: vec![("launcher", &after)],
        conflict: Some(&conflict),
        hints: vec!["launcher 1.6.3 would do".to_owned()],
        difference: Some(&difference),
    });
    assert_eq!(inside(&text, "<script", "</script>").len(), 2);
    assert_eq!(inside(&text, "<style", "</style>").len(), 1);
    assert!(text.contains("content=\"default-src 'none'; style-src 'sha256-"));
    for request in [
        "src=",
        "href=",
        "url(",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ] {
        assert!(!text.contains(request), "{request}");
    }
    // Styles of elements would need a policy that allows them all.
    assert!(!text.contains(" style=\""));
    let data = inside(
        &text,
        "<script type=\"application/json\" id=\"data\">",
        "</script>",
    )[0];
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(
        data["graphs"][0]["nodes"].as_array().unwrap().len(),
        after.nodes().count()
    );
    assert_eq!(
        data["graphs"][0]["ways"].as_array().unwrap().len(),
        after.nodes().count()
    );
    assert_eq!(data["conflict"]["contested"][0], "opentimelineio");
    assert_eq!(data["difference"]["before"], "production");
}

#[test]
fn names_are_text_wherever_they_stand() {
    let graph = Graph::of(&hostile().0);
    let text = page(&Page {
        title: "</title><script>broken = 1</script>",
        graphs: vec![("\"><script>broken = 1</script>", &graph)],
        ..Page::default()
    });
    assert_eq!(inside(&text, "<script", "</script>").len(), 2);
    assert!(!text.contains("<script>broken"), "a name became markup");
    assert!(!text.contains("<!--"));
    assert!(!text.replace('\n', "").contains(ayon_model::is_misleading));
}

#[test]
fn the_same_graph_is_the_same_picture() {
    let made = large("staging", 120, 3).0;
    let mut other = made.clone();
    other.addons.reverse();
    other.edges.reverse();
    let (one, other) = (Graph::of(&made), Graph::of(&other));
    assert_eq!(svg(&one, Words::IfFew), svg(&other, Words::IfFew));
    assert_eq!(dot(&one, Words::IfFew), dot(&other, Words::IfFew));
}
